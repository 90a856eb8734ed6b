import { type JsonValue, receiptIdOf } from "@holdpoint/protocol";
import type { WireGateApproval, WireGateError, WireGateResult } from "@holdpoint/protocol/gate";
import type { Execution } from "../../domain/execution.js";
import type { GateCall } from "../../domain/gate/call.js";
import { INTERRUPTED, isFullySuccessful } from "../../domain/gate/result.js";
import { optionalTime, wireTime } from "../time.js";

/** A call that waits for a person, or waited for one, as it travels. */
export function toWireGateApproval(
  call: GateCall,
  { publicUrl, returnsOutput }: { readonly publicUrl: string; readonly returnsOutput: boolean },
): WireGateApproval {
  const { request, action } = call;
  const result = toWireGateResult(call, returnsOutput);
  return {
    id: request.id,
    action: action.id,
    action_version: action.version,
    action_digest: action.digest,
    status: request.status,
    execution_status: request.executionStatus,
    ...(request.role !== undefined && { role: request.role }),
    ...(request.reason !== undefined && { reason: request.reason }),
    ...(request.decidedBy && { decided_by: request.decidedBy }),
    ...(request.policy && { policy: request.policy }),
    expires_at: wireTime(request.expiresAt),
    ...optionalTime("resolved_at", request.resolvedAt),
    url: `${publicUrl}/requests/${request.id}`,
    ...(result && { result }),
  };
}

/** What came of a run as it travels; `undefined` while nothing has. */
export function toWireGateResult(
  call: GateCall,
  returnsOutput: boolean,
): WireGateResult | undefined {
  const { request, action, execution, outcomeEventId } = call;
  if (execution === undefined || outcomeEventId === undefined) return undefined;
  const outcome = OUTCOMES[execution.status];
  if (outcome === undefined) return undefined;
  const verification = call.verification ?? { status: "not_run" };
  const { result: output } = execution;
  return {
    id: request.id,
    execution_id: execution.id,
    action: action.id,
    action_version: action.version,
    action_digest: action.digest,
    outcome,
    ...(outcome === "success" &&
      returnsOutput &&
      output !== undefined && { output: output as JsonValue }),
    ...(outcome !== "success" && { error: errorOf(execution) }),
    verification,
    fully_successful: isFullySuccessful(outcome === "success", verification),
    ...(request.decidedBy && { approved_by: request.decidedBy }),
    receipt_id: receiptIdOf(outcomeEventId),
    session_id: call.sessionId,
    started_at: wireTime(call.startedAt ?? call.askedAt),
    ...optionalTime("finished_at", call.finishedAt),
  };
}

const OUTCOMES: { readonly [status in Execution["status"]]?: WireGateResult["outcome"] } = {
  COMMITTED: "success",
  FAILED: "failed",
  OUTCOME_UNKNOWN: "outcome_unknown",
};

/** As the gate has recorded it. Of what a person found out, or nobody said, the gate knows no more. */
function errorOf({ status, error, reconciled }: Execution): WireGateError {
  if (reconciled && status === "FAILED") return FOUND_OUT;
  return error === undefined ? INTERRUPTED : (error as unknown as WireGateError);
}

const FOUND_OUT: WireGateError = {
  code: "interrupted",
  message: "The run was interrupted, and it was found out later that it has had no effect.",
};
