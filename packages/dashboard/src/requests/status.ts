import type { Priority, RequestStatus, WireActor } from "@holdpoint/protocol";

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

/** `Approved by Ada`, for a request that has its answer. */
export function outcomeText(
  status: string,
  decidedBy: Pick<WireActor, "id" | "name"> | undefined,
): string {
  if (status === "EXPIRED") return "Expired without an answer";
  const by = decidedBy?.name ?? decidedBy?.id;
  return by === undefined ? statusName(status) : `${statusName(status)} by ${by}`;
}

/** How many of four bars a priority fills. */
export const PRIORITY_LEVELS: Readonly<Record<Priority, number>> = {
  low: 1,
  medium: 2,
  high: 3,
  critical: 4,
};
