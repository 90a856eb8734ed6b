import type { JsonValue } from "@holdpoint/protocol";
import { ConflictError, follow, LIMITS, toJson } from "../core.js";
import {
  composeCommit,
  composeFailure,
  composeReconciliation,
  type ExecutionCall,
  sendCall,
} from "../executions/calls.js";
import type { Execution } from "../executions/execution.js";
import type { Reconciliation } from "../executions/options.js";
import type { ClientParts } from "../late.js";
import type { ApprovedDecision, ModifiedDecision } from "../requests/decision.js";
import type { Deadline } from "../transport/deadline.js";
import { describeError } from "./describe.js";
import { awaitOutcome, outcomeUnknown, readOutcome, UNRECORDED } from "./follow.js";
import type { GuardedAction } from "./options.js";
import { untilKnown } from "./persist.js";
import { CALLED_OFF } from "./witness.js";

/** A claimed execution, about to run. */
export interface ClaimedRun {
  readonly parts: ClientParts;
  readonly execution: Execution;
  readonly decision: ApprovedDecision<unknown> | ModifiedDecision<unknown>;
  readonly leaseMs: number;
  /** Until when the claim holds, unless it is renewed. */
  readonly left: Deadline;
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs the function once and records how it ended.
 *
 * @param lost - Aborts when the right to run is lost.
 * @returns the result as it is on record.
 * @throws what the function throws, unchanged, once its failure is on record or cannot be.
 */
export async function runClaimed(
  run: ClaimedRun,
  lost: AbortSignal,
  action: GuardedAction<unknown, unknown>,
): Promise<JsonValue | undefined> {
  const { execution, decision } = run;
  const ended = await attempt(run, lost, (signal) => {
    const context = { idempotencyKey: decision.id, signal, execution, decision };
    return action(decision.approvedPayload, context);
  });
  return ended.ok ? commit(run, ended.value) : fail(run, ended.error);
}

export type Ended<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: unknown };

/**
 * Does the work of a claimed run. Whether it ends or throws is an answer.
 *
 * @param work - Is given a signal that follows the caller's, the client's and `lost`.
 */
export async function attempt<Value>(
  { parts, signal }: ClaimedRun,
  lost: AbortSignal,
  work: (signal: AbortSignal) => Value,
): Promise<Ended<Awaited<Value>>> {
  const controller = new AbortController();
  const leave = [signal, parts.options.signal, lost].map(
    (each) => each && passOn(each, controller),
  );
  try {
    return { ok: true, value: await work(controller.signal) };
  } catch (error) {
    return { ok: false, error };
  } finally {
    for (const each of leave) each?.();
  }
}

/** Records a failure, whatever becomes of that, and throws what it was. */
export async function fail({ parts, execution }: ClaimedRun, error: unknown): Promise<never> {
  const recorded = describeError(error, parts);
  const call = await composeFailure(parts, execution, recorded);
  // The failure itself is what the caller has to learn, also when it cannot be put on record.
  await settle(parts, execution, call, { outcome: "failed", error: recorded }).catch(() => {});
  throw error;
}

/** Records that nothing has run, for the world had moved. */
export async function settleCalledOff({ parts, execution }: ClaimedRun): Promise<void> {
  const call = await composeFailure(parts, execution, CALLED_OFF);
  await settle(parts, execution, call, { outcome: "failed", error: CALLED_OFF });
}

/** Records that it ran, and what it returned; gives the result as it is on record. */
export async function commit(
  { parts, execution }: ClaimedRun,
  value: unknown,
): Promise<JsonValue | undefined> {
  const result = recordable(value);
  const call = await composeCommit(parts, execution, result);
  const recorded = result === undefined ? {} : { result };
  return readOutcome(await settle(parts, execution, call, { outcome: "committed", ...recorded }));
}

/** Sends what is to be recorded until it is known to be, or reports it late when the lease is lost. */
async function settle(
  parts: ClientParts,
  execution: Execution,
  call: ExecutionCall,
  late: Omit<Reconciliation, "evidence">,
): Promise<Execution> {
  try {
    return await sendUntilKnown(parts, call);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw outcomeUnknown(execution, error);
    return error.code === "EXECUTION_LEASE_LOST"
      ? reportLate(parts, execution, late)
      : awaitOutcome(parts, execution.id, undefined);
  }
}

/** The holder itself knows how it ended, so what counts as unknown can be settled by its word. */
async function reportLate(
  parts: ClientParts,
  execution: Execution,
  late: Omit<Reconciliation, "evidence">,
): Promise<Execution> {
  const evidence = { reported_by: "holder", fencing_token: execution.fencingToken };
  const call = await composeReconciliation(parts, execution, { ...late, evidence });
  try {
    return await sendUntilKnown(parts, call);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw outcomeUnknown(execution, error);
    // Somebody has settled it, or claimed it anew: then theirs is the outcome on record.
    return awaitOutcome(parts, execution.id, undefined);
  }
}

/** What has run must be recorded even when the caller has lost interest. */
function sendUntilKnown(parts: ClientParts, call: ExecutionCall): Promise<Execution> {
  return untilKnown([], () => sendCall(parts, { ...call, detached: true }));
}

/** A result as JSON. What is none is marked, for it has run and that has to be recorded. */
export function recordable(value: unknown): JsonValue | undefined {
  if (value === undefined) return undefined;
  try {
    const json: unknown = JSON.parse(JSON.stringify(value));
    return toJson("result", json, LIMITS.payloadBytes);
  } catch {
    return { [UNRECORDED]: "not JSON, or more than 256 KiB of it" };
  }
}

function passOn(signal: AbortSignal, controller: AbortController): () => void {
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  return follow(signal, abort);
}
