import { HoldpointError } from "./base.js";

/** The credential is known but may not do this. An administrator must act; do not retry. */
export class PermissionDeniedError extends HoldpointError {
  static override readonly kind: string = "PermissionDeniedError";
}

/** The policy is against it, and it was not run (`ACTION_DENIED`). Do not retry in another form. */
export class ActionDeniedError extends PermissionDeniedError {
  static override readonly kind: string = "ActionDeniedError";
}

/**
 * The session, or the agent's day, has no calls or money left for it, and it was not run
 * (`LEASE_BUDGET_EXHAUSTED`).
 */
export class BudgetExhaustedError extends PermissionDeniedError {
  static override readonly kind: string = "BudgetExhaustedError";
}
