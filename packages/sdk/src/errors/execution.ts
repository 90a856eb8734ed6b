import type { JsonValue } from "@holdpoint/protocol";
import type { RefusedDecision } from "../requests/decision.js";
import { HoldpointError, type HoldpointErrorDetails } from "./base.js";

/**
 * A guarded function did not run, for it was not approved: `APPROVAL_REJECTED`, `APPROVAL_EXPIRED`
 * or `APPROVAL_CANCELLED`. The same key gives the same answer again.
 */
export class ApprovalRejectedError extends HoldpointError {
  static override readonly kind: string = "ApprovalRejectedError";

  /** The answer, with the person's words where they gave any. */
  readonly decision?: RefusedDecision<unknown>;

  constructor(details: HoldpointErrorDetails & { readonly decision?: RefusedDecision<unknown> }) {
    super(details);
    if (details.decision !== undefined) this.decision = details.decision;
  }
}

/**
 * A guarded function that does not wait was called before anybody had decided (`APPROVAL_REQUIRED`).
 * Nothing ran. Call it again, under the same key, once `requestId` has its answer.
 */
export class ApprovalRequiredError extends HoldpointError {
  static override readonly kind: string = "ApprovalRequiredError";

  /** Where a person decides it. */
  readonly url?: string;

  constructor(details: HoldpointErrorDetails & { readonly url?: string }) {
    super(details);
    if (details.url !== undefined) this.url = details.url;
  }
}

interface ExecutionErrorDetails extends HoldpointErrorDetails {
  readonly executionId?: string;
  readonly recorded?: JsonValue | undefined;
}

/**
 * It was begun, and nobody recorded how it ended (`OUTCOME_UNKNOWN`): it may or may not have had its
 * effect, and is not run again. Find out, then settle it with `executions.reconcile`.
 */
export class OutcomeUnknownError extends HoldpointError {
  static override readonly kind: string = "OutcomeUnknownError";

  readonly executionId?: string;

  constructor(details: ExecutionErrorDetails) {
    super(details);
    if (details.executionId !== undefined) this.executionId = details.executionId;
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
