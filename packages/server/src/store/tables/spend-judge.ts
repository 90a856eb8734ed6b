import {
  evaluatePurchase,
  type PurchaseJudgement,
  parseAmount,
  type ScopeState,
  type SpendPolicy,
  type SpendUsage,
  timezoneOf,
} from "@holdpoint/protocol/spend";
import type { PurchaseTerms } from "../../domain/spend/purchase.js";
import type { Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { Account, AccountChain } from "./spend-accounts.js";
import { prepareLimits, type SpendLimits } from "./spend-limits.js";
import { type CountedScope, prepareWindows } from "./spend-windows.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What is judged, when, and what of it counts already. */
interface Question {
  readonly requestId: string;
  readonly terms: PurchaseTerms;
  readonly at: number;
  /** What was reserved later is left out of rates; see {@link EVER}. */
  readonly until: number;
  /** Its own part of what is held or spent, which is left out. */
  readonly ownMinor: number;
}

/**
 * Whatever is there came before a new purchase, however late the clock that it was reserved by: calls
 * overtake each other on the way to their locks, and the clocks of replicas differ.
 */
export const EVER = Number.MAX_SAFE_INTEGER;

export type Judge = ReturnType<typeof prepareJudge>;

/** Puts what is stored before the pure judgement of the protocol. */
export function prepareJudge(dialect: Dialect) {
  const limits = prepareLimits(dialect);
  const windows = prepareWindows(dialect);

  async function usageOf(
    transaction: Transaction,
    account: Account,
    counted: CountedScope,
    policy: SpendPolicy,
    { requestId, at, until, ownMinor }: Question,
  ): Promise<SpendUsage> {
    // Amounts of another currency do not compare, and the policy refuses the purchase for it.
    if (policy.currency !== counted.currency) return NOTHING;
    const count = (limit: number | undefined, lastMs: number) =>
      limit === undefined
        ? 0
        : windows.count(transaction, counted, {
            from: at - lastMs,
            until,
            exceptId: requestId,
            limit,
          });
    const used = await windows.read(transaction, account, counted, timezoneOf(policy), at);
    const own = BigInt(ownMinor);
    return {
      dayMinor: BigInt(used.day) - own,
      weekMinor: BigInt(used.week) - own,
      monthMinor: BigInt(used.month) - own,
      totalMinor: BigInt(account.held) + BigInt(account.spent) - own,
      lastMinute: await count(policy.requests_per_minute, MINUTE_MS),
      lastHour: await count(policy.requests_per_hour, HOUR_MS),
    };
  }

  async function stateOf(
    transaction: Transaction,
    account: Account,
    chain: AccountChain,
    { stopped, policies }: SpendLimits,
    question: Question,
  ): Promise<ScopeState> {
    const { scope } = account;
    const state = {
      scope,
      stopped: scope !== "organisation" && stopped[scope],
      ...budgetOf(account, question.ownMinor),
    };
    if (scope === "organisation") return state;
    const policy = policies[scope];
    if (policy === undefined) return state;
    const scopeId = scope === "agent" ? chain.agentId : chain.projectId;
    const counted = { scope, scopeId, currency: chain.currency };
    return {
      ...state,
      policy,
      usage: await usageOf(transaction, account, counted, policy, question),
    };
  }

  return {
    limits,
    /** @param accounts - Of the chain, locked, outermost first. */
    async judge(
      transaction: Transaction,
      accounts: readonly Account[],
      chain: AccountChain,
      inForce: SpendLimits,
      question: Question,
    ): Promise<PurchaseJudgement> {
      const scopes: ScopeState[] = [];
      for (const account of accounts.toReversed()) {
        scopes.push(await stateOf(transaction, account, chain, inForce, question));
      }
      const { amountMinor, ...terms } = question.terms;
      const purchase = { ...terms, amountMinor: BigInt(amountMinor) };
      return evaluatePurchase({ purchase, instantMs: question.at, scopes });
    },
  };
}

/** How much more than was approved may have been paid: the least that any policy bears. */
export function toleranceOf({ policies }: SpendLimits, currency: string): number {
  const inForce = [policies.agent, policies.project].flatMap((policy) => policy ?? []);
  if (inForce.length === 0) return 0;
  const tolerances = inForce.map((policy) =>
    policy.currency === currency
      ? Number(parseAmount(policy.confirm_tolerance ?? "0", currency))
      : 0,
  );
  return Math.min(...tolerances);
}

const NOTHING: SpendUsage = {
  dayMinor: 0n,
  weekMinor: 0n,
  monthMinor: 0n,
  totalMinor: 0n,
  lastMinute: 0,
  lastHour: 0,
};

function budgetOf(
  { allocated, held, spent }: Account,
  ownMinor: number,
): Pick<ScopeState, "budget"> {
  if (allocated === undefined) return {};
  return {
    budget: {
      allocatedMinor: BigInt(allocated),
      // Its own part is held, or will be again.
      heldMinor: BigInt(held) - BigInt(ownMinor),
      spentMinor: BigInt(spent),
    },
  };
}
