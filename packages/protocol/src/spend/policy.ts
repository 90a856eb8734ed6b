import type { PaymentChallenge } from "./wire.js";

/** Days of the week, as schedules name them. */
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** What money is spent on, where a policy names no categories of its own. */
export const SPEND_CATEGORIES = [
  "accommodation",
  "advertising",
  "cloud",
  "data",
  "education",
  "electronics",
  "entertainment",
  "equipment",
  "flights",
  "food",
  "groceries",
  "health",
  "services",
  "software",
  "subscriptions",
  "transport",
  "other",
] as const;

/**
 * What an agent, or all agents of a project together, may spend. Field names are those of the wire.
 * Amounts are decimal strings in `currency`, for example `"500.00"`. A limit that is absent does not
 * bind; a limit of `"0"` lets nothing through.
 */
export interface SpendPolicy {
  /** ISO 4217, or a stablecoin. A purchase in any other currency is refused. */
  readonly currency: string;
  /** IANA time zone in which days, weeks (from Monday) and months begin. Default `UTC`. */
  readonly timezone?: string;
  readonly per_request_limit?: string;
  readonly daily_limit?: string;
  readonly weekly_limit?: string;
  readonly monthly_limit?: string;
  /** Of everything ever held or spent. */
  readonly total_limit?: string;
  /** Purchases in any 60 seconds. */
  readonly requests_per_minute?: number;
  /** Purchases in any 60 minutes. */
  readonly requests_per_hour?: number;
  /** The categories there are. Default {@link SPEND_CATEGORIES}. */
  readonly categories?: readonly string[];
  /** What becomes of a purchase in a category that is none of `categories`. Default `ask`. */
  readonly unknown_category?: "ask" | "reject";
  readonly allowed_categories?: readonly string[];
  readonly blocked_categories?: readonly string[];
  /** With either list, a purchase that names no payee is refused. Letter case is ignored. */
  readonly allowed_payees?: readonly string[];
  readonly blocked_payees?: readonly string[];
  readonly schedule?: SpendSchedule;
  /** Without it, or with `enabled: false`, every purchase goes to a person. */
  readonly auto_approve?: {
    readonly enabled: boolean;
    /** The largest amount approved without a person. Absent: any that fits the limits. */
    readonly max_amount?: string;
    /** Absent: every category. */
    readonly categories?: readonly string[];
  };
  /** Who decides on a purchase above an amount. Such a purchase always goes to a person. */
  readonly approval_threshold?: {
    /** Purchases above it, not those equal to it. */
    readonly amount: string;
    /** Default: any approver. */
    readonly role?: string;
    /** How many people have to approve. Default 1. */
    readonly quorum?: number;
  };
  /** Minutes a person has to decide: 5 to 1,440, default 30. */
  readonly expiry_minutes?: number;
  /** How much more than was approved a confirmation may say was paid. Default `"0"`. */
  readonly confirm_tolerance?: string;
  /** Binds payments of HTTP 402 challenges, beside everything else. */
  readonly x402?: {
    /** CAIP-2 networks, for example `eip155:8453`. */
    readonly allowed_networks?: readonly string[];
    /** Addresses of token contracts. Letter case is ignored. */
    readonly allowed_assets?: readonly string[];
    /** Hosts that may be paid; one that begins with `*.` stands for all hosts below it. */
    readonly allowed_domains?: readonly string[];
    readonly blocked_domains?: readonly string[];
    readonly max_per_request?: string;
  };
}

/** When money may be spent. Without `default` and a matching override: at any time. */
export interface SpendSchedule {
  /** Must be the policy's `timezone`, where both are given. */
  readonly timezone?: string;
  readonly default?: { readonly allow?: TimeWindows };
  /** The first that names the day and says `allow` or `deny` decides on the time of that day. */
  readonly overrides?: readonly ScheduleOverride[];
}

export interface ScheduleOverride {
  readonly days: readonly Weekday[];
  readonly allow?: TimeWindows;
  readonly deny?: true;
  /** In the place of the policy's, on these days. */
  readonly daily_limit?: string;
}

/**
 * `HH:MM-HH:MM`, by the local clock: from the first minute (included) to the second (not included).
 * `22:00-06:00` begins on its day and ends on the next. `00:00-24:00` is the whole day.
 */
export type TimeWindows = string | readonly string[];

/** Whose money something is about, from the innermost outwards. */
export const SPEND_SCOPES = ["agent", "project", "organisation"] as const;
export type SpendScope = (typeof SPEND_SCOPES)[number];

/** The rules, in the order in which every purchase reports them. */
export const SPEND_RULES = [
  "status",
  "currency",
  "velocity_limit",
  "category",
  "payee",
  "per_request_limit",
  "schedule",
  "daily_limit",
  "weekly_limit",
  "monthly_limit",
  "total_limit",
  "x402",
  "budget",
  "auto_approve",
  "approval_threshold",
] as const;
export type SpendRule = (typeof SPEND_RULES)[number];

/**
 * What one rule of one scope says of a purchase. `ask`: nothing against it, but a person decides.
 * A rule that is not set passes, and says so.
 */
export interface SpendCheck {
  readonly rule: SpendRule;
  readonly scope: SpendScope;
  readonly result: "pass" | "fail" | "ask";
  /** For a person, with the numbers that were compared: `120.00 + 40.00 of 150.00 EUR today`. */
  readonly detail: string;
}

/** What is judged of a purchase. */
export interface PurchaseFacts {
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly category: string;
  readonly payee?: string;
  readonly x402?: PaymentChallenge;
}

/** What counts already: held and spent, by when it was reserved. The purchase itself is left out. */
export interface SpendUsage {
  /** In the policy's day, week and month around the instant; `totalMinor` ever. */
  readonly dayMinor: bigint;
  readonly weekMinor: bigint;
  readonly monthMinor: bigint;
  readonly totalMinor: bigint;
  /**
   * Purchases reserved in the 60 seconds and 60 minutes before the instant, whatever became of their
   * money: giving it back makes a loop no slower.
   */
  readonly lastMinute: number;
  readonly lastHour: number;
}

/** A scope as it stands before a purchase. */
export interface ScopeState {
  readonly scope: SpendScope;
  /** Whether the kill switch is on. */
  readonly stopped: boolean;
  readonly policy?: SpendPolicy;
  /** Needed where there is a policy. */
  readonly usage?: SpendUsage;
  /** In the purchase's currency. Absent: no budget binds. */
  readonly budget?: {
    readonly allocatedMinor: bigint;
    readonly heldMinor: bigint;
    readonly spentMinor: bigint;
  };
}

export interface EvaluatePurchaseInput {
  readonly purchase: PurchaseFacts;
  /** Milliseconds since the epoch. */
  readonly instantMs: number;
  /** From the agent outwards. */
  readonly scopes: readonly ScopeState[];
}

export interface PurchaseJudgement {
  /** `rejected` when any check fails; `pending` when none fails and any asks. */
  readonly outcome: "auto_approved" | "pending" | "rejected";
  /** Every rule of every scope, in the order of {@link SPEND_RULES} and then of the scopes. */
  readonly checks: readonly SpendCheck[];
  /** Who decides: the outermost scope's that names a role. Absent: any approver. */
  readonly role?: string;
  /** How many have to approve: the largest of all scopes. */
  readonly quorum: number;
  /** Milliseconds a person has: the shortest of all scopes, 30 minutes without any. */
  readonly expiryMs: number;
}
