import type { WireActor } from "@holdpoint/protocol";
import type { LedgerAccount, LedgerKind } from "@holdpoint/protocol/spend";
import type { DayMovement } from "../../domain/budgets/burn-down.js";
import type { BudgetPlace } from "../../domain/budgets/id.js";
import type { Page } from "../store.js";

/** What a scope has in one currency, and where it is. Amounts are in minor units. */
export interface Budget extends BudgetPlace {
  readonly id: string;
  /** With the scopes `agent` and `organisation`: whose it is. */
  readonly holder?: { readonly id: string; readonly name: string };
  /** Absent: no budget is set. */
  readonly allocated?: number;
  readonly held: number;
  readonly spent: number;
  readonly updatedAt: number;
}

/** One movement of money within a budget. */
export interface LedgerEntry {
  readonly id: string;
  readonly budgetId: string;
  readonly kind: LedgerKind;
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  readonly amount: number;
  readonly currency: string;
  readonly at: number;
  readonly actor: WireActor;
  readonly requestId?: string;
  readonly eventId?: string;
}

/** A project sees its own budget, those of its agents, and that of the organisation it is in. */
export interface BudgetStore {
  /** Outermost scope first, agents by name, and then by currency. */
  list(projectId: string): Promise<readonly Budget[]>;
  /**
   * What binds one agent: in each currency that its chain has anything in, its own, the project's
   * and the organisation's. One nobody has used yet is there too, with nothing in it, as of `now`.
   */
  listChain(
    agent: { readonly id: string; readonly projectId: string },
    now: number,
  ): Promise<readonly Budget[]>;
  find(projectId: string, budgetId: string): Promise<Budget | undefined>;
  /**
   * Allocates an amount in all; `null` takes the budget away. `below_committed`: less than is held
   * and spent, nothing was changed. Whose it is, the caller has checked.
   */
  allocate(
    place: BudgetPlace,
    amount: number | null,
    at: number,
    actor: WireActor,
  ): Promise<{ readonly outcome: "allocated" | "below_committed"; readonly budget: Budget }>;
  /** Newest first. */
  listEntries(
    projectId: string,
    budgetId: string,
    query: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<LedgerEntry>>;
  /** A budget and what moved from a time on, summed by day, both at one moment. */
  sumDays(
    projectId: string,
    budgetId: string,
    since: number,
  ): Promise<{ readonly budget: Budget; readonly movements: readonly DayMovement[] } | undefined>;
}
