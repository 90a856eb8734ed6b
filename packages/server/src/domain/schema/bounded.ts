import { createContext, Script } from "node:vm";

/**
 * The longest one compilation or validation may hold the process, in milliseconds by the wall
 * clock. Honest schemas take a few; the room is for machines that stall.
 */
const TIME_LIMIT_MS = 500;

const sandbox = createContext({ task: undefined }) as { task: (() => void) | undefined };
const script = new Script("task()");

/**
 * Runs synchronous work under a time limit. A schema is written by strangers: its patterns may
 * backtrack for hours, and `uniqueItems` is quadratic. The limit of `node:vm` stops the whole
 * isolate, also inside a regular expression.
 *
 * @returns The value, or `undefined` when time ran out.
 */
export function runBounded<Value>(work: () => Value): { readonly value: Value } | undefined {
  let result: { readonly value: Value } | undefined;
  sandbox.task = () => {
    result = { value: work() };
  };
  try {
    script.runInContext(sandbox, { timeout: TIME_LIMIT_MS });
    return result;
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  } finally {
    sandbox.task = undefined;
  }
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    (error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
