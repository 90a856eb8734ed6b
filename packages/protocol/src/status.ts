/** Where a request stands. Final once it has left `PENDING`. */
export const REQUEST_STATUSES = [
  "PENDING",
  "APPROVED",
  "APPROVED_WITH_MODIFICATIONS",
  "REJECTED",
  "EXPIRED",
  "CANCELLED",
] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** Where the run under a decision stands. `NONE` until somebody claims it. */
export const EXECUTION_STATUSES = [
  "NONE",
  "CLAIMED",
  "COMMITTED",
  "FAILED",
  "OUTCOME_UNKNOWN",
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** The only place that knows which status may follow which. What is not listed cannot happen. */
const REQUEST_TRANSITIONS: Readonly<Record<RequestStatus, readonly RequestStatus[]>> = {
  PENDING: ["APPROVED", "APPROVED_WITH_MODIFICATIONS", "REJECTED", "EXPIRED", "CANCELLED"],
  APPROVED: [],
  APPROVED_WITH_MODIFICATIONS: [],
  REJECTED: [],
  EXPIRED: [],
  CANCELLED: [],
};

const EXECUTION_TRANSITIONS: Readonly<Record<ExecutionStatus, readonly ExecutionStatus[]>> = {
  NONE: ["CLAIMED"],
  CLAIMED: ["COMMITTED", "FAILED", "OUTCOME_UNKNOWN"],
  COMMITTED: [],
  FAILED: [],
  // Claimed again only where the first claim declared the action idempotent.
  OUTCOME_UNKNOWN: ["COMMITTED", "FAILED", "CLAIMED"],
};

export function isRequestStatus(value: unknown): value is RequestStatus {
  return (REQUEST_STATUSES as readonly unknown[]).includes(value);
}

/** True for every status but `PENDING`. */
export function isFinalStatus(status: RequestStatus): boolean {
  return REQUEST_TRANSITIONS[status].length === 0;
}

/** True only for the two statuses under which the action may run. */
export function isApprovedStatus(
  status: RequestStatus,
): status is "APPROVED" | "APPROVED_WITH_MODIFICATIONS" {
  return status === "APPROVED" || status === "APPROVED_WITH_MODIFICATIONS";
}

export function canTransition(from: RequestStatus, to: RequestStatus): boolean {
  return REQUEST_TRANSITIONS[from].includes(to);
}

export function canExecutionTransition(from: ExecutionStatus, to: ExecutionStatus): boolean {
  return EXECUTION_TRANSITIONS[from].includes(to);
}
