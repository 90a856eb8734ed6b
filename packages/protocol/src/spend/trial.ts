import { timezoneOf } from "./compile.js";
import { evaluatePurchase } from "./evaluate.js";
import type {
  PurchaseFacts,
  PurchaseJudgement,
  ScopeState,
  SpendCheck,
  SpendPolicy,
} from "./policy.js";
import { createUsageCounter, type UsageCounter } from "./trial/usage.js";
import type { JudgedOutcome, PurchaseOutcomes } from "./wire.js";

/** A purchase as it really went. */
export interface PastPurchase {
  readonly id: string;
  readonly agentId: string;
  readonly facts: PurchaseFacts;
  /** When it was asked for, in milliseconds since the epoch. */
  readonly reservedAt: number;
  /** What was made of it then, by every rule there was. */
  readonly outcome: JudgedOutcome;
  readonly checks: readonly SpendCheck[];
  /** Whether it was let through in the end, by policy or by a person. */
  readonly approved: boolean;
  /** What counts of it: held, or spent less what was refunded. 0 where it was given back. */
  readonly countedMinor: bigint;
}

export interface TrySpendPolicyOptions<Purchase extends PastPurchase = PastPurchase> {
  readonly policy: SpendPolicy;
  /** Whose policy it would be. Absent: the project's. */
  readonly agentId?: string;
  /** What else is in force, beside or around it: without it, more would seem to be let through. */
  readonly others?: {
    readonly project?: SpendPolicy;
    readonly agents?: ReadonlyMap<string, SpendPolicy>;
  };
  /** All of the project, oldest first. */
  readonly purchases: readonly Purchase[];
  /** Older ones count, as they went, and are not judged again. Default: every one is judged. */
  readonly sinceMs?: number;
}

export interface ChangedPurchase<Purchase extends PastPurchase = PastPurchase> {
  readonly purchase: Purchase;
  readonly before: JudgedOutcome;
  readonly after: JudgedOutcome;
  /** The checks that decide it: those that fail, else those that ask, else what needs nobody. */
  readonly checks: readonly SpendCheck[];
}

export interface SpendPolicyTrial<Purchase extends PastPurchase = PastPurchase> {
  /** How many were judged again. */
  readonly purchases: number;
  readonly before: PurchaseOutcomes;
  readonly after: PurchaseOutcomes;
  /** Oldest first. */
  readonly changed: readonly ChangedPurchase<Purchase>[];
}

/**
 * Plays the past again under a policy: what it would have made of each purchase, counting only what
 * it would have let through before. Pure, so that a server and a browser show the same.
 *
 * Nobody knows what people would have done: whoever decided is taken to decide alike, and what was
 * refused then and would be asked now is taken to be approved. Holds count from the start as what
 * became of them. What a kill switch or a budget refused stays refused.
 *
 * @throws {AmountError | RangeError} for a policy that {@link validateSpendPolicy} refuses.
 */
export function trySpendPolicy<Purchase extends PastPurchase>(
  options: TrySpendPolicyOptions<Purchase>,
): SpendPolicyTrial<Purchase> {
  const counters = createCounters();
  const before = { auto_approved: 0, pending: 0, rejected: 0 };
  const after = { auto_approved: 0, pending: 0, rejected: 0 };
  const changed: ChangedPurchase<Purchase>[] = [];

  for (const purchase of options.purchases) {
    const policies = policiesOf(options, purchase.agentId);
    if (!isJudged(options, purchase)) {
      if (purchase.outcome !== "rejected") {
        counters.count(policies, purchase, purchase.countedMinor);
      }
      continue;
    }
    const judgement = judgeAgain(purchase, counters.statesOf(policies, purchase));
    before[purchase.outcome] += 1;
    after[judgement.outcome] += 1;
    if (judgement.outcome !== purchase.outcome) changed.push(changeOf(purchase, judgement));
    if (judgement.outcome !== "rejected") {
      counters.count(policies, purchase, countedAfter(purchase, judgement.outcome));
    }
  }
  const purchases = before.auto_approved + before.pending + before.rejected;
  return { purchases, before, after, changed };
}

interface BindingPolicies {
  readonly agent: SpendPolicy | undefined;
  readonly project: SpendPolicy | undefined;
}

function policiesOf(options: TrySpendPolicyOptions, agentId: string): BindingPolicies {
  const { policy, agentId: tried, others } = options;
  return {
    agent: tried === agentId ? policy : others?.agents?.get(agentId),
    project: tried === undefined ? policy : others?.project,
  };
}

/** What another agent bought leaves less of the project's limits, and is not at issue. */
function isJudged(
  { agentId, sinceMs = Number.NEGATIVE_INFINITY }: TrySpendPolicyOptions,
  purchase: PastPurchase,
): boolean {
  return purchase.reservedAt >= sinceMs && (agentId ?? purchase.agentId) === purchase.agentId;
}

function judgeAgain(
  { facts, reservedAt, checks }: PastPurchase,
  scopes: readonly ScopeState[],
): Pick<PurchaseJudgement, "outcome" | "checks"> {
  const judgement = evaluatePurchase({ purchase: facts, instantMs: reservedAt, scopes });
  const standing = checks.filter(
    ({ rule, result }) => result === "fail" && (rule === "status" || rule === "budget"),
  );
  if (standing.length === 0) return judgement;
  return { outcome: "rejected", checks: [...standing, ...judgement.checks] };
}

const DECISIVE = { rejected: "fail", pending: "ask", auto_approved: "pass" } as const;

function changeOf<Purchase extends PastPurchase>(
  purchase: Purchase,
  { outcome, checks }: Pick<PurchaseJudgement, "outcome" | "checks">,
): ChangedPurchase<Purchase> {
  const decisive = checks
    .filter(({ result }) => result === DECISIVE[outcome])
    .filter(({ rule }) => outcome !== "auto_approved" || rule === "auto_approve");
  return { purchase, before: purchase.outcome, after: outcome, checks: decisive };
}

function countedAfter(purchase: PastPurchase, after: Exclude<JudgedOutcome, "rejected">): bigint {
  const nobodyWasAsked = purchase.outcome === "rejected";
  const nobodyWouldSayNo = after === "auto_approved" && !purchase.approved;
  return nobodyWasAsked || nobodyWouldSayNo ? purchase.facts.amountMinor : purchase.countedMinor;
}

/** One counter for each policy and whose it is: zones, and so windows, differ. */
function createCounters() {
  const agents = new Map<string, UsageCounter>();
  const projects = new Map<string, UsageCounter>();
  const countersOf = ({ agent, project }: BindingPolicies, { agentId }: PastPurchase) => ({
    agent: agent && counterIn(agents, agentId, agent),
    project: project && counterIn(projects, "", project),
  });
  return {
    statesOf: (policies: BindingPolicies, purchase: PastPurchase): readonly ScopeState[] => {
      const counters = countersOf(policies, purchase);
      return (["agent", "project"] as const).map((scope) => {
        const [policy, counter] = [policies[scope], counters[scope]];
        if (policy === undefined || counter === undefined) return { scope, stopped: false };
        return { scope, stopped: false, policy, usage: counter.usageAt(purchase.reservedAt) };
      });
    },
    count: (policies: BindingPolicies, purchase: PastPurchase, minor: bigint): void => {
      const counters = countersOf(policies, purchase);
      for (const scope of ["agent", "project"] as const) {
        // A policy counts in its own currency only.
        if (policies[scope]?.currency !== purchase.facts.currency) continue;
        counters[scope]?.count(purchase.reservedAt, minor);
      }
    },
  };
}

function counterIn(
  counters: Map<string, UsageCounter>,
  owner: string,
  policy: SpendPolicy,
): UsageCounter {
  const known = counters.get(owner);
  if (known !== undefined) return known;
  const counter = createUsageCounter(timezoneOf(policy));
  counters.set(owner, counter);
  return counter;
}
