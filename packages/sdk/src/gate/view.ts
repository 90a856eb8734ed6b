import type {
  WireAction,
  WireGateApproval,
  WireGateResult,
  WireIssuedLease,
} from "@holdpoint/protocol/gate";
import type { WireMoney } from "@holdpoint/protocol/spend";
import { formatAmount } from "@holdpoint/protocol/spend/core";
import { present } from "../present.js";
import type { GateAction, GateApproval, GateRun, GateSession } from "./options.js";

/** Maps how a call ended from the wire. */
export function viewRun(run: WireGateResult): GateRun {
  const view = {
    id: run.id,
    executionId: run.execution_id,
    action: run.action,
    actionVersion: run.action_version,
    actionDigest: run.action_digest,
    outcome: run.outcome,
    output: run.output,
    error: run.error,
    verification: run.verification,
    fullySuccessful: run.fully_successful,
    approvedBy: run.approved_by,
    receiptId: run.receipt_id,
    sessionId: run.session_id,
    startedAt: new Date(run.started_at),
    finishedAt: optionalDate(run.finished_at),
    replayed: run.replayed ?? false,
  };
  return present(view) as unknown as GateRun;
}

export function viewApproval(approval: WireGateApproval): GateApproval {
  const view = {
    id: approval.id,
    action: approval.action,
    actionVersion: approval.action_version,
    actionDigest: approval.action_digest,
    status: approval.status,
    role: approval.role,
    reason: approval.reason,
    decidedBy: approval.decided_by,
    policy: approval.policy,
    expiresAt: new Date(approval.expires_at),
    resolvedAt: optionalDate(approval.resolved_at),
    url: approval.url,
    run: approval.result && viewRun(approval.result),
  };
  return present(view) as unknown as GateApproval;
}

export function viewAction(action: WireAction): GateAction {
  const view = {
    id: action.id,
    version: action.version,
    digest: action.digest,
    title: action.title,
    description: action.description,
    risk: action.risk,
    approval: action.approval,
    parameters: action.parameters,
    result: action.result,
    egress: action.egress,
    cost: action.cost,
    verification: action.verification,
    returnsOutput: action.returns_output,
  };
  return present(view) as unknown as GateAction;
}

export function viewSession({ budget, ...lease }: WireIssuedLease): GateSession {
  return {
    id: lease.session_id,
    agent: lease.agent,
    scopes: lease.scopes,
    expiresAt: new Date(lease.expires_at),
    budget: present({
      calls: budget.calls,
      maxCalls: budget.max_calls,
      cost: viewMoney(budget.cost),
      maxCost: viewMoney(budget.max_cost),
    }) as GateSession["budget"],
  };
}

function viewMoney(money: WireMoney | undefined) {
  if (money === undefined) return undefined;
  const { currency, amount_minor } = money;
  return { amount: formatAmount(BigInt(amount_minor), currency), currency };
}

function optionalDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
