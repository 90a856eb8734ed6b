import type { JsonValue, WireRequest } from "@holdpoint/protocol";
import { ApprovalRejectedError } from "../core.js";
import type { RefusedDecision } from "../requests/decision.js";
import { type Answered, askGuarded, type GuardedCall } from "./ask.js";
import { type Approval, claimOrFollow } from "./claim.js";
import { readOutcome } from "./follow.js";
import { keepLease } from "./lease.js";
import type { GuardedAction } from "./options.js";
import { type ClaimedRun, fail, runClaimed, settleCalledOff } from "./run.js";
import { isSameWitness, readWitness, wasCalledOff } from "./witness.js";

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
  const { parts, options, call } = guarded;
  const { leaseMs, idempotent } = options;
  const claimed = await claimOrFollow({
    parts,
    decision,
    executionId: request.execution.id,
    leaseMs,
    idempotent,
    signal: call.signal,
  });
  if (claimed.status === "CLAIMED") return runOrCallOff(guarded, request, claimed.run, action);
  const { execution } = claimed;
  return wasCalledOff(execution) ? "CALLED_OFF" : { result: readOutcome(execution) };
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
