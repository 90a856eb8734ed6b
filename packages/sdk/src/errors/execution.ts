import type { JsonValue } from "@holdpoint/protocol";
import type { GateFault } from "@holdpoint/protocol/gate";
import type { GateApproval } from "../gate/options.js";
import type { RefusedDecision } from "../requests/decision.js";
import { HoldpointError, type HoldpointErrorDetails } from "./base.js";

/**
 * A guarded function, or an action of the gate, did not run, for it was not approved:
 * `APPROVAL_REJECTED`, `APPROVAL_EXPIRED` or `APPROVAL_CANCELLED`. The same key gives the same answer
 * again.
 */
export class ApprovalRejectedError extends HoldpointError {
  static override readonly kind: string = "ApprovalRejectedError";

  /** The answer, with the person's words where they gave any. */
  readonly decision?: RefusedDecision<unknown>;
  /** The same, of an action of the gate. */
  readonly approval?: GateApproval;

  constructor(
    details: HoldpointErrorDetails & {
      readonly decision?: RefusedDecision<unknown>;
      readonly approval?: GateApproval;
    },
  ) {
    super(details);
    if (details.decision !== undefined) this.decision = details.decision;
    if (details.approval !== undefined) this.approval = details.approval;
  }
}

/**
 * A guarded function that does not wait, or an action of the gate, was called before anybody had
 * decided (`APPROVAL_REQUIRED`). Nothing ran. Call it again, under the same key or with `approval`,
 * once `requestId` has its answer.
 */
export class ApprovalRequiredError extends HoldpointError {
  static override readonly kind: string = "ApprovalRequiredError";

  /** Where a person decides it. */
  readonly url?: string;
  /** Of an action of the gate: pass to `gate.approval`, and as `approval` to `gate.execute`. */
  readonly approvalId?: string;
  /** With `approvalId`: until when a person may decide. */
  readonly expiresAt?: Date;
  /** With `approvalId`: what a person decides. */
  readonly approval?: GateApproval;

  constructor(
    details: HoldpointErrorDetails & { readonly url?: string; readonly approval?: GateApproval },
  ) {
    super(details);
    const { approval, url = approval?.url } = details;
    if (url !== undefined) this.url = url;
    if (approval === undefined) return;
    this.approvalId = approval.id;
    this.expiresAt = approval.expiresAt;
    this.approval = approval;
  }
}

interface ExecutionErrorDetails extends HoldpointErrorDetails {
  readonly executionId?: string;
  readonly receiptId?: string;
  readonly recorded?: JsonValue | undefined;
}

/**
 * It was begun, and nobody recorded how it ended (`OUTCOME_UNKNOWN`): it may or may not have had its
 * effect, and is not run again. Find out, then settle it with `executions.reconcile`.
 */
export class OutcomeUnknownError extends HoldpointError {
  static override readonly kind: string = "OutcomeUnknownError";

  readonly executionId?: string;
  /** Of an action of the gate: the evidence (`rcp_…`) of what is known. */
  readonly receiptId?: string;

  constructor(details: ExecutionErrorDetails) {
    super(details);
    if (details.executionId !== undefined) this.executionId = details.executionId;
    if (details.receiptId !== undefined) this.receiptId = details.receiptId;
  }
}

/**
 * An action of the gate was run, and is known to have had no effect (`ACTION_FAILED`). The same id
 * gives the same answer again; to try anew, use another.
 */
export class ActionFailedError extends HoldpointError {
  static override readonly kind: string = "ActionFailedError";

  readonly action?: string;
  /** What kept it from its effect, for example `refused_by_service`. */
  readonly fault?: GateFault;
  /** HTTP status of the service behind the gate, with `refused_by_service`. */
  readonly serviceStatus?: number;
  readonly executionId?: string;
  /** The evidence (`rcp_…`). */
  readonly receiptId?: string;

  constructor(
    details: ExecutionErrorDetails & {
      readonly action?: string;
      readonly fault?: GateFault;
      readonly serviceStatus?: number;
    },
  ) {
    super(details);
    if (details.action !== undefined) this.action = details.action;
    if (details.fault !== undefined) this.fault = details.fault;
    if (details.serviceStatus !== undefined) this.serviceStatus = details.serviceStatus;
    if (details.executionId !== undefined) this.executionId = details.executionId;
    if (details.receiptId !== undefined) this.receiptId = details.receiptId;
  }
}

/** It ran before, under the same key, and failed (`EXECUTION_FAILED`). It is not run again. */
export class ExecutionFailedError extends HoldpointError {
  static override readonly kind: string = "ExecutionFailedError";

  readonly executionId?: string;
  /** What that run failed with, as it was recorded: usually `{ name, message }`. */
  readonly recorded?: JsonValue;

  constructor(details: ExecutionErrorDetails) {
    super(details);
    if (details.executionId !== undefined) this.executionId = details.executionId;
    if (details.recorded !== undefined) this.recorded = details.recorded;
  }
}
