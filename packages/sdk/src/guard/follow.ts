import type { JsonValue } from "@holdpoint/protocol";
import {
  ExecutionFailedError,
  isJsonObject,
  OutcomeUnknownError,
  ValidationError,
} from "../core.js";
import { composeRead, sendCall } from "../executions/calls.js";
import type { Execution } from "../executions/execution.js";
import type { ClientParts } from "../late.js";
import type { Signals } from "../transport/abort.js";
import { untilKnown } from "./persist.js";

/** How long one call is held while another process runs. */
const HELD_MS = 25_000;
/** A call held for less than this was not really held; repeating it at once would be a busy loop. */
const HELD_AT_LEAST_MS = 500;

/** Waits until an execution that somebody has claimed is no longer running. */
export async function awaitOutcome(
  parts: ClientParts,
  executionId: string,
  signal: AbortSignal | undefined,
): Promise<Execution> {
  const signals: Signals = [signal, parts.options.signal];
  let waitMs = 0;
  for (;;) {
    const startedAtMs = performance.now();
    const call = composeRead(executionId, { waitMs, ...(signal && { signal }) });
    const execution = await untilKnown(signals, () => sendCall(parts, call));
    if (execution.status !== "CLAIMED") return execution;
    const heldMs = performance.now() - startedAtMs;
    if (waitMs > 0 && heldMs < HELD_AT_LEAST_MS)
      await parts.transport.sleep(HELD_AT_LEAST_MS, signal);
    waitMs = HELD_MS;
  }
}

/** What is recorded in place of a result that is no JSON or too large. */
export const UNRECORDED = "holdpoint.unrecorded";

/** The result on record; throws what is recorded otherwise. */
export function readOutcome(execution: Execution): JsonValue | undefined {
  const { id, requestId, status, result, error } = execution;
  switch (status) {
    case "COMMITTED":
      if (!isUnrecorded(result)) return result;
      throw new ValidationError({
        code: "VALIDATION_FAILED",
        message: `${requestId} has run, but what it returned could not be recorded. Return JSON of at most 256 KiB from a guarded function.`,
        requestId,
      });
    case "FAILED":
      throw new ExecutionFailedError({
        code: "EXECUTION_FAILED",
        message: `${requestId} ran before and failed; it is not run again. See recorded. To try again, ask under another key or tool call id.`,
        requestId,
        executionId: id,
        recorded: error,
      });
    default:
      throw outcomeUnknown(execution);
  }
}

export function outcomeUnknown(
  { id, requestId }: Pick<Execution, "id" | "requestId">,
  cause?: unknown,
): OutcomeUnknownError {
  return new OutcomeUnknownError({
    code: "OUTCOME_UNKNOWN",
    message: `${requestId} was begun, and how it ended is not on record: it may have had its effect, so it is not run again. Find out, then settle ${id} with executions.reconcile() or in the dashboard.`,
    requestId,
    executionId: id,
    cause,
  });
}

export function isUnrecorded(result: JsonValue | undefined): boolean {
  return result !== undefined && isJsonObject(result) && Object.hasOwn(result, UNRECORDED);
}
