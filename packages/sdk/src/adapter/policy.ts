import { ConfigurationError } from "../core.js";
import type { GatePolicy, ToolCall, Verdict } from "./call.js";

const VERDICTS: ReadonlySet<unknown> = new Set<Verdict>(["ask", "observe", "allow", "deny"]);

/** Judges one call. Whatever is no verdict is an error, so that nothing runs. */
export type Judge = (call: ToolCall) => Promise<Verdict>;

/**
 * Makes the judge of a policy; a table is read once.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: the policy holds something else.
 */
export function createJudge(policy: GatePolicy = "ask"): Judge {
  if (typeof policy === "function") {
    return async (call) => {
      const answer = await consult(policy, call);
      return typeof answer === "boolean" ? (answer ? "ask" : "observe") : requireVerdict(answer);
    };
  }
  if (typeof policy !== "object" || policy === null) {
    const verdict = requireVerdict(policy);
    return async () => verdict;
  }
  const table = new Map(
    Object.entries(policy).map(([tool, verdict]) => [tool, requireVerdict(verdict, tool)]),
  );
  return async ({ tool }) => table.get(tool) ?? table.get("*") ?? "ask";
}

async function consult(policy: Extract<GatePolicy, (call: ToolCall) => unknown>, call: ToolCall) {
  try {
    return await policy(call);
  } catch (cause) {
    throw invalid(
      `Expected the policy to judge ${call.tool}, got an error from it. Nothing ran. See cause.`,
      cause,
    );
  }
}

function requireVerdict(answer: unknown, tool?: string): Verdict {
  if (VERDICTS.has(answer)) return answer as Verdict;
  const where = tool === undefined ? "" : ` for ${tool}`;
  throw invalid(
    `Expected ask, observe, allow or deny from the policy${where}, got ${typeof answer}. Nothing ran.`,
  );
}

function invalid(message: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError({ code: "CONFIGURATION_INVALID", message, cause });
}
