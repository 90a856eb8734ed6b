import type { HoldStatus } from "../spend/wire.js";
import type { RequestStatus } from "../status.js";

/** Where an escrow stands, for whoever reads it. */
export const ESCROW_STATUSES = [
  /** A person has yet to approve that the money is held. */
  "PENDING",
  /** The money is held for the payee to fulfil. */
  "OPEN",
  /** The payee has fulfilled; the payer is to release. */
  "FULFILLED",
  /** A person is to decide: one of both asked for it, or a time was up. */
  "DISPUTED",
  /** The money is the payee's. */
  "RELEASED",
  /** A person gave the money back to the payer. */
  "RETURNED",
  /** Never came about: the hold was refused, withdrawn or not approved in time. */
  "VOID",
] as const;
export type EscrowStatus = (typeof ESCROW_STATUSES)[number];

/** How far the escrow itself has come; the purchase beside it knows whether the money is there. */
export const ESCROW_STAGES = ["OPEN", "FULFILLED", "DISPUTED", "RELEASED", "RETURNED"] as const;
export type EscrowStage = (typeof ESCROW_STAGES)[number];

/** Where an escrow stands, from itself and its purchase: the one place that knows. */
export function escrowStatusOf(escrow: {
  readonly stage: EscrowStage;
  readonly requestStatus: RequestStatus;
  readonly hold: HoldStatus;
}): EscrowStatus {
  const { stage, requestStatus, hold } = escrow;
  if (stage === "RELEASED" || stage === "RETURNED") return stage;
  if (requestStatus === "PENDING") return "PENDING";
  // Whatever took the money away: without it there is nothing to fulfil or to decide.
  return hold === "HELD" ? stage : "VOID";
}

const MOVES: Readonly<Record<EscrowStage, readonly EscrowStage[]>> = {
  OPEN: ["FULFILLED", "DISPUTED"],
  FULFILLED: ["RELEASED", "DISPUTED"],
  DISPUTED: ["RELEASED", "RETURNED"],
  RELEASED: [],
  RETURNED: [],
};

/** Tells whether an escrow may go from one stage to another. */
export function canEscrowMove(from: EscrowStage, to: EscrowStage): boolean {
  return MOVES[from].includes(to);
}
