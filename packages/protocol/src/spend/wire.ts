import type { Envelope } from "../envelope/shape.js";
import type { JsonObject } from "../json.js";
import type { SensitiveKind, WireActor, WireApproval } from "../wire.js";
import type { SpendCheck, SpendPolicy, SpendScope } from "./policy.js";

/** An amount in the smallest unit of its currency: cents, or millionths of a stablecoin. */
export interface WireMoney {
  /** A safe integer, never negative. */
  readonly amount_minor: number;
  /** ISO 4217, or a stablecoin. */
  readonly currency: string;
}

/** Where a purchase stands. */
export const PURCHASE_STATUSES = [
  /** A person has to decide; the money is held. */
  "pending",
  /** Policy let it through; the money is held until it is confirmed. */
  "auto_approved",
  /** A person let it through; the money is held until it is confirmed. */
  "approved",
  /** Refused by policy or by a person. */
  "rejected",
  /** Nobody decided in time, or nobody confirmed in time. Nothing is held any more. */
  "expired",
  /** Taken back by the agent. */
  "cancelled",
  /** Confirmed: the money is spent. */
  "completed",
  /** Confirmed as not paid: nothing is held any more. */
  "failed",
] as const;
export type PurchaseStatus = (typeof PURCHASE_STATUSES)[number];

/** Where the money of a purchase is. */
export const HOLD_STATUSES = ["NONE", "HELD", "SETTLED", "RELEASED", "EXPIRED"] as const;
export type HoldStatus = (typeof HOLD_STATUSES)[number];

/** What an HTTP 402 challenge asks for, as it is bound to its purchase. */
export interface PaymentChallenge {
  /** CAIP-2, for example `eip155:8453`. */
  readonly network: string;
  /** The token's contract address. */
  readonly asset: string;
  readonly pay_to: string;
  /** The URL that was really called, not the one the seller names. */
  readonly resource_url: string;
  /** In the asset's own smallest unit, as decimal digits. */
  readonly asset_amount: string;
  readonly scheme: string;
  /** `sha256:<hex>` of the canonical JSON of the challenge's chosen requirements. */
  readonly digest: string;
}

/** `POST /v1/purchases`. The client makes the id, so sending it twice reserves once. */
export interface WireCreatePurchase {
  /** `req_…`: a purchase is a request. */
  readonly id: string;
  readonly amount: WireMoney;
  readonly category: string;
  readonly merchant_name?: string;
  /** Who is paid: an account, a domain, an address. What payee lists are compared with. */
  readonly payee?: string;
  /** What nobody but people reads. With `encrypted: true` an envelope for the field `payload`. */
  readonly details?: WirePurchaseDetails | Envelope;
  readonly encrypted?: boolean;
  readonly fingerprint?: string;
  readonly sensitive?: readonly SensitiveKind[];
  readonly x402?: PaymentChallenge;
  readonly agent_label?: string;
  readonly environment?: string;
  readonly run_id?: string;
  readonly parent_request_id?: string;
}

export interface WirePurchaseDetails {
  /** What is bought. */
  readonly description?: string;
  /** The agent's words to whoever decides. */
  readonly comment?: string;
  readonly metadata?: JsonObject;
}

export interface WirePolicyCheck {
  /** Whether no check failed. */
  readonly passed: boolean;
  readonly checks: readonly SpendCheck[];
}

/** A purchase as it travels. */
export interface WirePurchase {
  /** `req_…`. The request of this id waits in the inbox, carries the decision and the grant. */
  readonly id: string;
  readonly project_id: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly status: PurchaseStatus;
  readonly hold: HoldStatus;
  readonly amount: WireMoney;
  /** Where a person lowered it. */
  readonly approved_amount?: WireMoney;
  /** What was paid, once confirmed. */
  readonly actual_amount?: WireMoney;
  readonly refunded_amount?: WireMoney;
  readonly category: string;
  readonly merchant_name?: string;
  readonly payee?: string;
  readonly details?: WirePurchaseDetails | Envelope;
  readonly encrypted: boolean;
  readonly x402?: PaymentChallenge;
  /** As it was judged when it was made. */
  readonly policy_check: WirePolicyCheck;
  /** The least that is left of all budgets it had to fit, now; `null` where there is no budget. */
  readonly budget_remaining: WireMoney | null;
  readonly created_at: string;
  /** While pending: until when a person may decide. */
  readonly expires_at?: string;
  /** While held and approved: when the money is given back unless it is confirmed. */
  readonly hold_expires_at?: string;
  readonly confirmed_at?: string;
  /** Confirmed after the hold had expired: the money was gone all the same. */
  readonly late?: true;
  readonly receipt_url?: string;
  /** The payment provider's own reference. */
  readonly external_id?: string;
  readonly reason?: string;
  readonly decided_by?: WireActor;
  /** How many have to approve, where more than one, and who has. */
  readonly quorum?: number;
  readonly approvals?: readonly WireApproval[];
  /** Where a person decides it. */
  readonly url: string;
}

/** `POST /v1/purchases/:id/confirm`. Sent again with the same body it answers the same. */
export interface WireConfirmPurchase {
  /** `false`: nothing was paid, give the money back. */
  readonly success: boolean;
  /** What was really paid. Default: what was approved. */
  readonly actual_amount?: WireMoney;
  readonly receipt_url?: string;
  readonly external_id?: string;
}

/** `POST /v1/purchases/:id/refund`, operators only. Goes back to the window it was reserved in. */
export interface WireRefundPurchase {
  /** Made by the client, so that it refunds once: `rfd_…`. */
  readonly id: string;
  readonly amount: WireMoney;
  readonly reason?: string;
}

/** A budget: money set aside for a scope, and where it is. */
export interface WireBudget {
  readonly id: string;
  readonly scope: SpendScope;
  readonly agent?: { readonly id: string; readonly name: string };
  readonly organisation?: { readonly id: string; readonly name: string };
  readonly currency: string;
  /** `null`: no budget is set, and only policies limit. */
  readonly allocated: WireMoney | null;
  readonly held: WireMoney;
  readonly spent: WireMoney;
  /** `allocated - held - spent`; `null` where nothing is allocated. May be below 0 after a late confirmation. */
  readonly available_minor: number | null;
  readonly updated_at: string;
}

/** `PUT /v1/budgets`, admins only. */
export interface WireSetBudget {
  readonly scope: SpendScope;
  /** With the scope `agent`. */
  readonly agent_id?: string;
  readonly currency: string;
  /** In all, not to be added. `null` takes the budget away. Not below what is held and spent. */
  readonly amount_minor: number | null;
}

/** The accounts of a budget: what is moved leaves one and enters the other. */
export const LEDGER_ACCOUNTS = ["funding", "available", "held", "spent"] as const;
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number];

export const LEDGER_KINDS = [
  "allocate",
  "reserve",
  "adjust",
  "settle",
  "release",
  "expire",
  "refund",
  "late",
  "escrow",
] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** One movement of money within a budget: never changed, never deleted. */
export interface WireLedgerEntry {
  readonly id: string;
  readonly budget_id: string;
  readonly kind: LedgerKind;
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  readonly amount: WireMoney;
  readonly at: string;
  readonly actor: WireActor;
  readonly request_id?: string;
  readonly receipt_id?: string;
}

/** A revision of a spend policy. */
export interface WireSpendPolicy {
  readonly id: string;
  readonly scope: "agent" | "project";
  readonly agent?: { readonly id: string; readonly name: string };
  /** Counts up with every change. */
  readonly revision: number;
  /** `null`: taken away by this revision. */
  readonly policy: SpendPolicy | null;
  /** What it means, a sentence each. */
  readonly summary: readonly string[];
  /** What may not be meant: limits that contradict each other, for example. */
  readonly warnings: readonly string[];
  readonly created_at: string;
  readonly created_by: WireActor;
}

/** `POST /v1/spend-policies`, admins only. */
export interface WireSetSpendPolicy {
  /** Absent: the project's. */
  readonly agent_id?: string;
  /** `null` takes it away. */
  readonly policy: SpendPolicy | null;
}

/** `POST /v1/spend-policies/try`. */
export interface WireTrySpendPolicy {
  readonly agent_id?: string;
  readonly policy: SpendPolicy;
  /** Days back, 1 to 90. Default 90. */
  readonly days?: number;
}

/** What a policy would have made of the purchases there were. */
export interface WireSpendPolicyTrial {
  readonly since: string;
  readonly purchases: number;
  /** Older purchases that were left out, for there were too many. */
  readonly truncated: boolean;
  readonly before: PurchaseOutcomes;
  readonly after: PurchaseOutcomes;
  /** The newest that would have ended otherwise. */
  readonly changed: readonly {
    readonly id: string;
    readonly at: string;
    readonly amount: WireMoney;
    readonly category: string;
    readonly merchant_name?: string;
    readonly before: JudgedOutcome;
    readonly after: JudgedOutcome;
    /** The checks that decide it. */
    readonly checks: readonly SpendCheck[];
  }[];
}

export type JudgedOutcome = "auto_approved" | "pending" | "rejected";
export type PurchaseOutcomes = Readonly<Record<JudgedOutcome, number>>;

/** A kill switch: while it is on, nothing new is reserved or approved in its scope. */
export interface WireKillSwitch {
  readonly scope: "agent" | "project";
  readonly agent?: { readonly id: string; readonly name: string };
  readonly stopped: boolean;
  readonly reason?: string;
  readonly changed_at: string;
  readonly changed_by: WireActor;
}

/** `PUT /v1/kill-switches`. Any approver may stop; only an admin may let go on. */
export interface WireSetKillSwitch {
  /** Absent: the project's. */
  readonly agent_id?: string;
  readonly stopped: boolean;
  readonly reason?: string;
}

/** Spending over time, for one budget: one point for each day, oldest first. */
export interface WireBurnDown {
  readonly budget_id: string;
  readonly currency: string;
  readonly points: readonly {
    /** When the day begins, UTC. */
    readonly at: string;
    readonly reserved_minor: number;
    readonly spent_minor: number;
    readonly refunded_minor: number;
    /** At the day's end; `null` where nothing was allocated. */
    readonly available_minor: number | null;
  }[];
}
