import type { HoldStatus, PaymentChallenge, SpendCheck } from "@holdpoint/protocol/spend";
import type { PolicyAnswer } from "../policy/question.js";
import type { Grant, NewRequest, Request } from "../request.js";

/** What every purchase asks for, as a request. The server says so, never the agent. */
export const SPEND_SERVICE = "spend";

/** Who decides what no person has to. */
export const SPEND_POLICY = { type: "policy", id: "spend-policy" } as const;

/** What is bought, as policies judge it. Amounts are in minor units of `currency`. */
export interface PurchaseTerms {
  readonly amountMinor: number;
  readonly currency: string;
  readonly category: string;
  readonly merchantName?: string;
  readonly payee?: string;
  readonly x402?: PaymentChallenge;
}

/** A purchase about to be judged. Who decides it, and until when, is for the judgement to say. */
export interface NewPurchase {
  readonly request: Omit<NewRequest, "role" | "quorum" | "expiresAt">;
  readonly terms: PurchaseTerms;
  /** For a purchase that policy lets through. */
  readonly grant: Grant;
  /** What the project's policy says of it, where there is one. It can hold and refuse, no more. */
  readonly policy?: PolicyAnswer;
}

/** A purchase as the server thinks of it: the request it is, and its money. */
export interface Purchase {
  readonly request: Omit<Request, "payload"> & Partial<Pick<Request, "payload">>;
  readonly terms: PurchaseTerms;
  /** Where a person lowered it. */
  readonly approvedAmountMinor?: number;
  readonly actualAmountMinor?: number;
  readonly refundedAmountMinor: number;
  /** As judged when it was made. */
  readonly checks: readonly SpendCheck[];
  readonly hold: HoldStatus;
  readonly reservedAt: number;
  readonly holdExpiresAt?: number;
  readonly confirmedAt?: number;
  readonly late: boolean;
  readonly receiptUrl?: string;
  readonly externalId?: string;
  /** The least that is left of the budgets it had to fit. Absent: there is no budget. */
  readonly remainingMinor?: number;
}

/** What an agent says became of a purchase. */
export interface Confirmation {
  readonly success: boolean;
  readonly actualAmountMinor?: number;
  readonly receiptUrl?: string;
  readonly externalId?: string;
  /** Recognises the same confirmation sent again. */
  readonly digest: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly at: number;
}

/** Money that came back after it was paid. */
export interface Refund {
  readonly id: string;
  readonly amountMinor: number;
  readonly reason?: string;
  readonly operator: { readonly id: string; readonly name: string };
  readonly at: number;
}
