import type { JsonObject, WireActor, WireApproval } from "@holdpoint/protocol";
import type {
  HoldStatus,
  PaymentChallenge,
  PurchaseStatus,
  SpendCheck,
} from "@holdpoint/protocol/spend";

/**
 * A purchase as it stands. Pay only while `status` is `auto_approved` or `approved`, and no more than
 * `approvedAmount`.
 *
 * Amounts are decimal texts with all decimals of the currency, for example `"12.50"`.
 */
export interface Purchase {
  /** `req_…`: a purchase is a request, and `wait`, `requests.get` and receipts know it by this id. */
  readonly requestId: string;
  readonly status: PurchaseStatus;
  /** Where the money is. */
  readonly hold: HoldStatus;
  /** As it was asked. */
  readonly amount: string;
  /** What was approved: the amount asked, or what a person lowered it to. Absent: nobody approved. */
  readonly approvedAmount?: string;
  /** What was paid, once confirmed. */
  readonly actualAmount?: string;
  readonly refundedAmount?: string;
  readonly currency: string;
  readonly category: string;
  readonly merchantName?: string;
  readonly payee?: string;
  /** Decrypted, as `comment` and `metadata` are. */
  readonly description?: string;
  readonly comment?: string;
  readonly metadata?: JsonObject;
  readonly encrypted: boolean;
  readonly x402?: PaymentChallenge;
  /** Every rule of the policies that bind this agent, as they judged when it was made. */
  readonly policyCheck: {
    /** Whether no check failed. */
    readonly passed: boolean;
    readonly checks: readonly SpendCheck[];
  };
  /** The least that is left of all budgets it had to fit; `null` where there is none. */
  readonly budgetRemaining: string | null;
  readonly agent: { readonly id: string; readonly name: string };
  readonly createdAt: Date;
  /** While pending: until when a person may decide. */
  readonly expiresAt?: Date;
  /** While held and approved: when the money is given back unless it is confirmed. */
  readonly holdExpiresAt?: Date;
  readonly confirmedAt?: Date;
  /** Confirmed after the hold had expired: the money was gone all the same. */
  readonly late: boolean;
  readonly receiptUrl?: string;
  /** The payment provider's own reference. */
  readonly externalId?: string;
  /** The person's words, when they gave any. */
  readonly reason?: string;
  readonly decidedBy?: WireActor;
  /** How many people have to approve, where more than one, and who has. */
  readonly quorum?: number;
  readonly approvals?: readonly WireApproval[];
  /** Where a person decides it. */
  readonly url: string;
}
