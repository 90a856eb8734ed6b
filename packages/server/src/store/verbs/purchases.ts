import type { PurchaseStatus } from "@holdpoint/protocol/spend";
import type { ProblemError } from "../../domain/problem.js";
import type { Confirmation, NewPurchase, Purchase, Refund } from "../../domain/spend/purchase.js";
import type { Page } from "../store.js";

/**
 * Purchases and where their money is. Each verb moves money, its ledger, its windows and its events
 * in one transaction. What a decision or an execution does to the money of its purchase is done in
 * the transaction of that decision or execution.
 */
export interface PurchaseStore {
  /**
   * Judges a purchase by the kill switches, policies, usage and budgets as they stand, and reserves
   * its money unless a rule is against it; once per id. `replayed` and `conflict` as for requests.
   * `too_many`: this agent has as many waiting for a person as it may.
   */
  create(
    purchase: NewPurchase,
  ): Promise<
    | { readonly outcome: "created" | "replayed"; readonly purchase: Purchase }
    | { readonly outcome: "conflict" | "too_many" }
  >;
  find(projectId: string, requestId: string): Promise<Purchase | undefined>;
  /** Newest first. What is sealed is left out, but for the decider's reason. */
  list(projectId: string, query: PurchaseQuery): Promise<Page<Purchase>>;
  /** `replayed`: the same was said before. `refused`: nothing has changed, and why. */
  confirm(
    projectId: string,
    requestId: string,
    confirmation: Confirmation,
  ): Promise<PurchaseOutcome<"confirmed"> | undefined>;
  /** Gives back what was paid, once per refund id, to the windows it was reserved in. */
  refund(
    projectId: string,
    requestId: string,
    refund: Refund,
  ): Promise<PurchaseOutcome<"refunded"> | undefined>;
  /**
   * Ends up to `limit` holds, of all projects, whose time has come: what was never run is given back,
   * what was run and never confirmed counts as paid. How many it looked at, and what has changed.
   */
  endHolds(
    now: number,
    limit: number,
  ): Promise<{ readonly due: number; readonly ended: readonly EndedHold[] }>;
  /** When the next hold of any project ends. */
  nextHoldEnd(): Promise<number | undefined>;
}

export type PurchaseOutcome<Done extends string> =
  | { readonly outcome: Done | "replayed"; readonly purchase: Purchase }
  | { readonly outcome: "refused"; readonly problem: ProblemError };

export interface EndedHold {
  readonly id: string;
  readonly projectId: string;
  readonly hold: "EXPIRED" | "SETTLED";
}

export interface PurchaseQuery {
  readonly statuses?: readonly PurchaseStatus[];
  readonly category?: string;
  readonly currency?: string;
  readonly agentId?: string;
  readonly since?: number;
  readonly limit: number;
  readonly cursor?: string;
}
