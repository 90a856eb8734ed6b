import type { RequestStatus } from "../status.js";
import type { WireActor } from "../wire.js";
import type { HoldStatus, PurchaseStatus } from "./wire.js";

const ENDED = { RELEASED: "failed", EXPIRED: "expired" } as const;

/** Where a purchase stands, from where its request and its money are: the one table that knows. */
export function purchaseStatusOf(purchase: {
  readonly requestStatus: RequestStatus;
  readonly decidedBy?: WireActor | undefined;
  readonly hold: HoldStatus;
}): PurchaseStatus {
  const { requestStatus, decidedBy, hold } = purchase;
  // A payment that was confirmed too late counts, whatever became of its request.
  if (hold === "SETTLED") return "completed";
  switch (requestStatus) {
    case "PENDING":
      return "pending";
    case "REJECTED":
      return "rejected";
    case "EXPIRED":
      return "expired";
    case "CANCELLED":
      return "cancelled";
    case "APPROVED":
    case "APPROVED_WITH_MODIFICATIONS":
      if (hold === "RELEASED" || hold === "EXPIRED") return ENDED[hold];
      return decidedBy?.type === "policy" ? "auto_approved" : "approved";
  }
}
