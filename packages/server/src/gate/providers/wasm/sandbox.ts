import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { JsonValue } from "@holdpoint/protocol";
import { refuse } from "../../fault.js";
import { SANDBOX_SOURCE } from "./sandbox.source.js";

/** A module in a thread of its own, for one run. */
export interface Sandbox extends AsyncDisposable {
  /**
   * Calls an export with JSON. `undefined`: the module has none of that name.
   *
   * @throws {FaultError} `module_failed`, or the signal's reason.
   */
  call(name: string, input: JsonValue): Promise<JsonValue | undefined>;
}

/** Megabytes of the thread's own heap, beside the module's memory. */
const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

interface Reply {
  readonly id: number;
  readonly output?: string;
  readonly missing?: true;
}

/**
 * @param limits.maxBytes - Of memory that the host keeps for the module.
 * @param limits.maxOutputBytes - Of what one call returns.
 * @param limits.signal - Ends the thread, also in the midst of a loop. Its reason is a {@link FaultError}.
 */
export function openSandbox(
  module: Uint8Array,
  limits: {
    readonly maxBytes: number;
    readonly maxOutputBytes: number;
    readonly signal: AbortSignal;
  },
): Sandbox {
  const { maxBytes, maxOutputBytes, signal } = limits;
  const worker = new Worker(SANDBOX_SOURCE, {
    eval: true,
    env: {},
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: HEAP,
    workerData: { module, maxBytes, extism: extismPath() },
  });
  const waiting = new Map<number, PromiseWithEnd>();
  let calls = 0;
  const end = (reason: unknown) => {
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  };
  const abort = () => {
    end(signal.reason);
    void worker.terminate();
  };
  signal.addEventListener("abort", abort, { once: true });
  worker.on("message", (reply: Reply) => {
    waiting.get(reply.id)?.resolve(reply);
    waiting.delete(reply.id);
  });
  worker.on("error", () => end(moduleFailed()));
  worker.on("exit", () => end(moduleFailed()));

  return {
    async call(name, input) {
      signal.throwIfAborted();
      const id = calls;
      calls += 1;
      const { output, missing } = await new Promise<Reply>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, name, input: JSON.stringify(input) });
      });
      if (missing) return undefined;
      if (output === undefined || output.length > maxOutputBytes) throw moduleFailed();
      return parseOutput(output);
    },
    async [Symbol.asyncDispose]() {
      signal.removeEventListener("abort", abort);
      await worker.terminate();
    },
  };
}

interface PromiseWithEnd {
  resolve(reply: Reply): void;
  reject(reason: unknown): void;
}

/** The thread has no folder of its own to find packages from. */
function extismPath(): string {
  return createRequire(import.meta.url).resolve("@extism/extism");
}

function parseOutput(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw moduleFailed();
  }
}

export function moduleFailed() {
  return refuse("module_failed", "Expected the module to end well, within its memory.");
}
