import type { JsonValue } from "@holdpoint/protocol";
import { ConflictError, isFinalStatus } from "../core.js";
import type { Execution } from "../executions/execution.js";
import type { Reconciliation } from "../executions/options.js";
import type { Holdpoint } from "../holdpoint.js";
import type { ApprovedDecision, ModifiedDecision } from "../requests/decision.js";
import type { JsonSchema, RequestOptions } from "../requests/options.js";
import type { StateData } from "../states/options.js";
import { describeDecision } from "../tool/text.js";
import { type AskedCall, runAsked } from "./asked.js";
import { perCall } from "./call.js";
import type { ClaimedRun, ClaimOutcome, PendingOutcome } from "./outcome.js";
import { toRequest } from "./question.js";
import { describeChange, describePending } from "./text.js";

/**
 * Asks and, once approved, uses the grant up. Whoever finds it used waits for that run, and answers
 * with what is on record.
 */
export async function claimAsked(asked: AskedCall, state?: StateData): Promise<ClaimOutcome> {
  const { holdpoint, call, name } = asked;
  const request = toRequest(asked.question, call);
  const pending = await findPending(asked, { ...request, ...(state !== undefined && { state }) });
  if (pending && call.wait === false) return pending;
  const decision = await holdpoint.ask(request, {
    ...(call.signal && { signal: call.signal }),
    ...(asked.options.cancelOnAbort && { cancelOnAbort: true }),
  });
  if (!decision.approved) {
    return { type: "refused", decision, text: describeDecision(name, decision) };
  }
  const execution = await tryClaim(asked, decision);
  if (execution === undefined) return readRecord(asked);
  const note = describeChange(decision);
  return {
    type: "claimed",
    args: decision.approvedPayload,
    decision,
    ...(note !== undefined && { note }),
    run: createRun(holdpoint, execution),
  };
}

/** Puts the question, or finds it; `undefined` once it has its answer. */
async function findPending(
  { holdpoint, call, options, name }: AskedCall,
  request: RequestOptions<unknown, JsonSchema>,
): Promise<PendingOutcome | undefined> {
  const given = { ...(call.signal && { signal: call.signal }) };
  const { id, url } = await holdpoint.defer(request, given);
  const { status } = await holdpoint.requests.get(id, given);
  if (isFinalStatus(status)) return undefined;
  options.onPending?.({ call, id, url });
  return { type: "pending", id, url, text: describePending(name, { id, url }) };
}

/** The execution; `undefined` when the grant has been used before. */
async function tryClaim(
  { holdpoint, options, call }: AskedCall,
  decision: ApprovedDecision<unknown> | ModifiedDecision<unknown>,
): Promise<Execution | undefined> {
  const { leaseMs, idempotent = false } = options;
  try {
    const execution = await holdpoint.executions.claim(decision, {
      idempotent: perCall(idempotent, call),
      ...(leaseMs !== undefined && { leaseMs }),
      ...(call.signal && { signal: call.signal }),
    });
    // Ours, but answered so late that its lease is over: by now somebody may have settled it.
    return execution.status === "CLAIMED" ? execution : undefined;
  } catch (error) {
    if (!(error instanceof ConflictError) || !TAKEN.has(error.code)) throw error;
    return undefined;
  }
}

const TAKEN: ReadonlySet<string> = new Set(["EXECUTION_CLAIMED", "EXECUTION_SETTLED"]);

/** Reads only: nothing that was begun is run again from here, whatever the tool says of itself. */
function readRecord({ options, ...asked }: AskedCall): Promise<ClaimOutcome> {
  const { onPending: _, ...quiet } = options;
  return runAsked<unknown>({ ...asked, options: { ...quiet, idempotent: false } }, () => {
    throw new Error("Expected a run on record, got the right to run.");
  });
}

function createRun({ executions }: Holdpoint, execution: Execution): ClaimedRun {
  const settle = async (work: Promise<Execution>, late: Omit<Reconciliation, "evidence">) => {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof ConflictError) || error.code !== "EXECUTION_LEASE_LOST") throw error;
      // Whoever ran it knows how it ended, so what counts as unknown by now is settled by their word.
      const evidence = { reported_by: "holder", fencing_token: execution.fencingToken };
      await executions.reconcile(execution, { ...late, evidence });
    }
  };
  return {
    id: execution.id,
    commit: (result?: JsonValue) => {
      const late = { outcome: "committed", ...(result !== undefined && { result }) } as const;
      return settle(executions.commit(execution, result), late);
    },
    fail: (error) => settle(executions.fail(execution, error), { outcome: "failed", error }),
  };
}
