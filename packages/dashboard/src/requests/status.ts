import type { Priority, RequestStatus } from "@holdpoint/protocol";

const STATUS_NAMES: Readonly<Record<RequestStatus, string>> = {
  PENDING: "Pending",
  APPROVED: "Approved",
  APPROVED_WITH_MODIFICATIONS: "Approved with changes",
  REJECTED: "Rejected",
  EXPIRED: "Expired",
  CANCELLED: "Cancelled",
};

export function statusName(status: string): string {
  return Object.hasOwn(STATUS_NAMES, status) ? STATUS_NAMES[status as RequestStatus] : status;
}

/** Who did something, as answers and problems name them. */
interface Actor {
  readonly type?: string;
  readonly id: string;
  readonly name?: string;
}

/** A statement of a policy is called as somebody wrote it, and must not pass for a person. */
export function actorName({ type, id, name }: Actor): string {
  return type === "policy" && name !== undefined ? `the policy ${name}` : (name ?? id);
}

/** `Approved by Ada`, for a request that has its answer. */
export function outcomeText(status: string, decidedBy: Actor | undefined): string {
  if (status === "EXPIRED") return "Expired without an answer";
  return decidedBy === undefined
    ? statusName(status)
    : `${statusName(status)} by ${actorName(decidedBy)}`;
}

/** How many of four bars a priority fills. */
export const PRIORITY_LEVELS: Readonly<Record<Priority, number>> = {
  low: 1,
  medium: 2,
  high: 3,
  critical: 4,
};
