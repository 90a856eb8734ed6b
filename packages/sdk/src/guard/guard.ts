import type { JsonValue, WireRequest } from "@holdpoint/protocol";
import {
  ApprovalRejectedError,
  ConflictError,
  fetchRequest,
  invalidResponse,
  LIMITS,
  requireInteger,
  startDeadline,
} from "../core.js";
import { composeClaim, sendCall } from "../executions/calls.js";
import type { Execution } from "../executions/execution.js";
import type { Decision, RefusedDecision } from "../requests/decision.js";
import { type Answered, askGuarded, type GuardedCall } from "./ask.js";
import { awaitOutcome, outcomeUnknown, readOutcome } from "./follow.js";
import { keepLease } from "./lease.js";
import type { GuardedAction } from "./options.js";
import { untilKnown } from "./persist.js";
import { type ClaimedRun, fail, runClaimed, settleCalledOff } from "./run.js";
import { isSameWitness, readWitness, wasCalledOff } from "./witness.js";

type Approval = Extract<Decision<JsonValue>, { approved: true }>;

/** Asks, waits, claims, runs once, settles: the whole of a guarded call. */
export async function runGuarded(
  guarded: GuardedCall,
  action: GuardedAction<unknown, unknown>,
): Promise<JsonValue | undefined> {
  let before: WireRequest | undefined;
  for (;;) {
    const answered = await askGuarded(guarded, before);
    const { decision, request } = answered;
    if (!decision.approved) throw refusalOf(decision);
    const ended = await runApproved(guarded, answered, decision, action);
    if (ended !== "CALLED_OFF") return ended.result;
    before = request;
  }
}

type Ended = { readonly result: JsonValue | undefined } | "CALLED_OFF";

async function runApproved(
  guarded: GuardedCall,
  { request }: Answered,
  decision: Approval,
  action: GuardedAction<unknown, unknown>,
): Promise<Ended> {
  const { options } = guarded;
  let executionId = request.execution.id;
  for (;;) {
    const known =
      executionId && (await awaitOutcome(guarded.parts, executionId, guarded.call.signal));
    if (known) {
      if (wasCalledOff(known)) return "CALLED_OFF";
      const mayRunAgain = known.status === "OUTCOME_UNKNOWN" && options.idempotent === true;
      if (!mayRunAgain) return { result: readOutcome(known) };
    }
    const claimed = await claim(guarded, decision, known || undefined);
    if (claimed.status === "CLAIMED") return runOrCallOff(guarded, request, claimed.run, action);
    executionId = claimed.executionId;
  }
}

type Claim =
  | { readonly status: "CLAIMED"; readonly run: ClaimedRun }
  | { readonly status: "TAKEN"; readonly executionId: string };

/** Uses the grant, or tells whose run it is. */
async function claim(
  { parts, options, call }: GuardedCall,
  decision: Approval,
  known: Execution | undefined,
): Promise<Claim> {
  const { signal } = call;
  const { idempotent = false } = options;
  const leaseMs = requireInteger(
    "leaseMs",
    options.leaseMs ?? LIMITS.defaultLeaseMs,
    LIMITS.minLeaseMs,
    LIMITS.maxLeaseMs,
  );
  const composed = composeClaim(decision, { leaseMs, idempotent, ...(signal && { signal }) });
  try {
    const signals = [signal, parts.options.signal];
    let left = startDeadline(leaseMs);
    const execution = await untilKnown(signals, () => {
      left = startDeadline(leaseMs);
      return sendCall(parts, composed);
    });
    // Ours, but answered so late that its lease is over: nothing of it has run here.
    if (execution.status !== "CLAIMED") return { status: "TAKEN", executionId: execution.id };
    return { status: "CLAIMED", run: { parts, execution, decision, leaseMs, left, signal } };
  } catch (error) {
    if (!(error instanceof ConflictError) || !isTaken(error)) throw error;
    // What was claimed as not idempotent stays so, whatever is said of it later.
    if (known?.idempotent === false) throw outcomeUnknown(known, error);
    const { execution } = await fetchRequest(parts.transport, decision.id, signal);
    if (execution.id !== undefined) return { status: "TAKEN", executionId: execution.id };
    throw invalidResponse("Expected the execution that has claimed it", { requestId: decision.id });
  }
}

function isTaken({ code }: ConflictError): boolean {
  return code === "EXECUTION_CLAIMED" || code === "EXECUTION_SETTLED";
}

/** Looks at the world once more, right before it is changed. The lease is renewed all the while. */
async function runOrCallOff(
  { options, args, parts }: GuardedCall,
  request: WireRequest,
  run: ClaimedRun,
  action: GuardedAction<unknown, unknown>,
): Promise<Ended> {
  const lease = keepLease(parts, run.execution, run.leaseMs, run.left);
  try {
    const witness = await readWitness(options.witness, args).catch((error: unknown) =>
      fail(run, error),
    );
    if (witness === undefined || (await isSameWitness(parts, request, witness))) {
      // Reading took longer than the claim lasted: by now somebody may have settled it as not run.
      if (lease.lost.aborted) return await fail(run, lease.lost.reason);
      return { result: await runClaimed(run, lease.lost, action) };
    }
    await settleCalledOff(run);
    return "CALLED_OFF";
  } finally {
    lease.stop();
  }
}

const REFUSALS = {
  REJECTED: ["APPROVAL_REJECTED", "was rejected"],
  EXPIRED: ["APPROVAL_EXPIRED", "was not decided in time, which counts as no"],
  CANCELLED: ["APPROVAL_CANCELLED", "was cancelled before anybody decided"],
} as const;

function refusalOf(decision: RefusedDecision<unknown>): ApprovalRejectedError {
  const [code, what] = REFUSALS[decision.status];
  const message = `${decision.id} ${what}. Nothing ran.`;
  return new ApprovalRejectedError({ code, message, requestId: decision.id, decision });
}
