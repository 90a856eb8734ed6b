import { createHash } from "node:crypto";
import type { Envelope, JsonValue, WireActor } from "@holdpoint/protocol";
import {
  type EscrowFault,
  type EscrowOpening,
  type EscrowStage,
  type EscrowStatus,
  type EscrowStepType,
  escrowStatusOf,
  handOffFault,
  parseJws,
} from "@holdpoint/protocol/escrow";
import type { Purchase } from "./spend/purchase.js";

/** What a purchase that holds an escrow's money asks for, as a request; the server says so. */
export const ESCROW_ACTION = "escrow";
/** And the question to a person what becomes of the money. */
export const DISPUTE_ACTION = "escrow_dispute";

/** Who puts before a person what nobody has answered in time. */
export const ESCROW_CLOCK = { type: "system", id: "escrow" } as const;

interface Party {
  readonly id: string;
  readonly name: string;
}

/** An escrow about to be opened; its money is a purchase of its own. */
export interface NewEscrow {
  /** Verified, and its compact JWS. */
  readonly opening: EscrowOpening;
  readonly step: string;
}

/** An escrow as the server thinks of it. Times are milliseconds since the epoch, UTC. */
export interface Escrow {
  readonly id: string;
  readonly projectId: string;
  /** The money, and the request it is. */
  readonly purchase: Purchase;
  readonly payer: Party;
  readonly payee: Party;
  readonly stage: EscrowStage;
  readonly fulfilBy: number;
  readonly releaseBy: number;
  readonly parentId?: string;
  readonly rootId: string;
  /** Compact JWS, in the order they were signed. */
  readonly steps: readonly string[];
  /** The attestations of its parties' keys. */
  readonly attestations: readonly string[];
  readonly result?: JsonValue | Envelope;
  readonly dispute?: Dispute;
  readonly createdAt: number;
  readonly fulfilledAt?: number;
  readonly endedAt?: number;
}

/** That a person is to decide, and why. */
export interface Dispute {
  readonly by: WireActor;
  readonly reason?: string;
  readonly requestId: string;
}

/** A step of either side, verified, about to be taken. */
export interface EscrowStepTaken {
  readonly type: Exclude<EscrowStepType, "open">;
  readonly jws: string;
  /** The stage it was signed on. */
  readonly from: EscrowStage;
  readonly agent: Party;
  readonly at: number;
  readonly result?: JsonValue | Envelope;
  readonly reason?: string;
}

export interface EscrowQuery {
  /** Payer or payee. */
  readonly agentId?: string;
  readonly rootId?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export function statusOf({ stage, purchase }: Escrow): EscrowStatus {
  const { request, hold } = purchase;
  return escrowStatusOf({ stage, requestStatus: request.status, hold });
}

/** The opening that an escrow was made of. It was verified then. */
export function openingOf({ steps }: Pick<Escrow, "steps">): EscrowOpening {
  return parseJws(steps[0], ["open"]).content;
}

/** What the next step has to name as the one before it: protocol's `digestStep`, in one step. */
export function stepDigestOf(jws: string | undefined): string {
  return `sha256:${createHash("sha256")
    .update(jws ?? "")
    .digest("hex")}`;
}

/**
 * Why an escrow must not be passed on like this; `undefined` where it may be.
 *
 * @param passedOnMinor - What its other children hold or have paid.
 */
export function passingOnFault(
  parent: Pick<Escrow, "steps">,
  child: EscrowOpening,
  passedOnMinor: number,
): EscrowFault | undefined {
  const [first] = parent.steps;
  const whole = { opening: openingOf(parent), openDigest: stepDigestOf(first) };
  return handOffFault(child, whole, passedOnMinor);
}
