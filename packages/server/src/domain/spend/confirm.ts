import { type ExecutionStatus, isApprovedStatus, type RequestStatus } from "@holdpoint/protocol";
import type { HoldStatus } from "@holdpoint/protocol/spend";
import type { ProblemError } from "../problem.js";
import { aboveApproved, confirmedOtherwise, notApproved, stillRunning } from "./problem.js";
import type { Confirmation } from "./purchase.js";

/** Where a purchase stands when its confirmation comes. */
interface ConfirmableState {
  readonly requestStatus: RequestStatus;
  readonly executionStatus: ExecutionStatus;
  readonly hold: HoldStatus;
  readonly currency: string;
  readonly approvedMinor: number;
  readonly actualMinor: number | undefined;
  readonly refundedMinor: number;
  /** Of the confirmation it has. */
  readonly confirmDigest: string | undefined;
}

export type ConfirmationPlan =
  /** It was said before. */
  | { readonly step: "replay" }
  /** It is held, and spent from now on. `late`: it is held no more, and spent all the same. */
  | { readonly step: "settle"; readonly late: boolean; readonly actualMinor: number }
  /** The system took it for paid as approved; less was. */
  | { readonly step: "correct"; readonly actualMinor: number; readonly backMinor: number }
  /** It is held, and given back. */
  | { readonly step: "release" }
  /** It was given back before: only what the agent says is new. */
  | { readonly step: "note" }
  | { readonly step: "refuse"; readonly problem: ProblemError };

/** What a confirmation does to the money. Whether more than was approved may be paid is judged apart. */
export function planConfirmation(
  state: ConfirmableState,
  confirmation: Confirmation,
): ConfirmationPlan {
  if (state.confirmDigest !== undefined) {
    const isSame = state.confirmDigest === confirmation.digest;
    return isSame ? { step: "replay" } : refuse(confirmedOtherwise());
  }
  return confirmation.success ? planPaid(state, confirmation) : planUnpaid(state);
}

function planPaid(state: ConfirmableState, confirmation: Confirmation): ConfirmationPlan {
  const { hold, requestStatus, approvedMinor } = state;
  const actualMinor = confirmation.actualAmountMinor ?? approvedMinor;
  // A payment that was made is put on record, whatever became of its approval meanwhile.
  if (hold === "EXPIRED") return { step: "settle", late: true, actualMinor };
  if (hold === "SETTLED") return planCorrection(state, actualMinor);
  if (hold === "HELD" && isApprovedStatus(requestStatus)) {
    return { step: "settle", late: false, actualMinor };
  }
  return refuse(notApproved(requestStatus));
}

function planCorrection(state: ConfirmableState, actualMinor: number): ConfirmationPlan {
  const { approvedMinor, actualMinor: settledMinor = approvedMinor, refundedMinor } = state;
  if (actualMinor > settledMinor) return refuse(aboveApproved(settledMinor, state.currency));
  if (actualMinor < refundedMinor) return refuse(confirmedOtherwise());
  return { step: "correct", actualMinor, backMinor: settledMinor - actualMinor };
}

function planUnpaid({ hold, requestStatus, executionStatus }: ConfirmableState): ConfirmationPlan {
  if (!isApprovedStatus(requestStatus)) return refuse(notApproved(requestStatus));
  if (hold === "SETTLED") return refuse(confirmedOtherwise());
  if (hold !== "HELD") return { step: "note" };
  const mayRun = executionStatus !== "NONE" && executionStatus !== "FAILED";
  return mayRun ? refuse(stillRunning(executionStatus)) : { step: "release" };
}

function refuse(problem: ProblemError): ConfirmationPlan {
  return { step: "refuse", problem };
}
