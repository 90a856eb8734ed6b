import { periodsAt } from "./calendar.js";

// What spending should do, in integers and without a line of the code it is compared with. It keeps
// no balances: whatever is asked is summed up anew from the purchases there are.

export type Currency = "EUR" | "USDC";
export type AgentName = "first" | "second";
export type Scope = AgentName | "project" | "organisation";

/** Limits in minor units. */
export interface Rules {
  readonly currency: Currency;
  readonly timezone: string;
  readonly perRequest?: bigint;
  readonly daily?: bigint;
  readonly weekly?: bigint;
  readonly monthly?: bigint;
  readonly total?: bigint;
  readonly perMinute?: number;
  readonly perHour?: number;
  /** Absent: nothing is approved without a person. */
  readonly autoUpTo?: bigint;
  readonly expiryMinutes: number;
  readonly tolerance: bigint;
}

export interface Purchase {
  readonly id: string;
  readonly agent: AgentName;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly reservedAt: number;
  status: "PENDING" | "APPROVED" | "REJECTED" | "EXPIRED" | "CANCELLED";
  hold: "NONE" | "HELD" | "SETTLED" | "RELEASED" | "EXPIRED";
  run: "NONE" | "CLAIMED" | "COMMITTED" | "FAILED" | "OUTCOME_UNKNOWN";
  /** What is held, or what was held at the end. */
  approved: bigint;
  paid: bigint;
  refunded: bigint;
  late: boolean;
  /** When whatever it waits for is over: a decision, then a confirmation. */
  dueAt: number;
  leaseEndsAt: number;
  /** What it was confirmed with. */
  told?: string;
}

export type Verdict = "auto_approved" | "pending" | "rejected";

const GRANT_MS = 7 * 86_400_000;
const LEASE_MS = 60_000;
const MINUTE_MS = 60_000;
const DEFAULT_EXPIRY_MINUTES = 30;
const PENDING_AT_MOST = 100;

/** Thrown where the control plane has to refuse, with the code it has to give. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export class Oracle {
  now: number;
  readonly purchases: Purchase[] = [];
  readonly rules = new Map<Scope, Rules>();
  readonly allocated = new Map<string, bigint>();
  readonly stopped = new Set<Scope>();

  constructor(now: number) {
    this.now = now;
  }

  /** Accounts that something has been moved in, or set aside for. */
  accounts(): readonly { readonly scope: Scope; readonly currency: Currency }[] {
    const keys = new Set(this.allocated.keys());
    for (const { agent, currency, hold } of this.purchases) {
      if (hold !== "NONE") for (const scope of chainOf(agent)) keys.add(`${scope} ${currency}`);
    }
    return [...keys].map((key) => {
      const [scope, currency] = key.split(" ") as [Scope, Currency];
      return { scope, currency };
    });
  }

  held(scope: Scope, currency: Currency): bigint {
    return this.#sum(scope, currency, heldOf);
  }

  spent(scope: Scope, currency: Currency): bigint {
    return this.#sum(scope, currency, spentOf);
  }

  budget(scope: Scope, currency: Currency): bigint | undefined {
    return this.allocated.get(`${scope} ${currency}`);
  }

  available(scope: Scope, currency: Currency): bigint | undefined {
    const allocated = this.budget(scope, currency);
    if (allocated === undefined) return undefined;
    return allocated - this.held(scope, currency) - this.spent(scope, currency);
  }

  /** What counts in a scope in the period around an instant, but for one purchase. */
  usage(
    scope: Scope,
    { currency, timezone }: Rules,
    at: number,
    period: "day" | "week" | "month" | "ever",
    except?: Purchase,
  ): bigint {
    const name = (instant: number) =>
      period === "ever" ? "" : periodsAt(timezone, instant)[period];
    return this.#sum(scope, currency, (purchase) =>
      purchase !== except && name(purchase.reservedAt) === name(at)
        ? heldOf(purchase) + spentOf(purchase)
        : 0n,
    );
  }

  buy(id: string, agent: AgentName, currency: Currency, amount: bigint): Verdict {
    const waiting = this.purchases.filter((each) => each.agent === agent && isPending(each));
    const verdict = this.judge(agent, currency, amount, this.now);
    if (verdict === "pending" && waiting.length >= PENDING_AT_MOST)
      throw new Refusal("PENDING_PURCHASES_EXCEEDED");
    const binding = this.#binding(agent);
    const expiry = Math.min(...binding.map(({ rules }) => rules.expiryMinutes));
    const waitMs = (binding.length > 0 ? expiry : DEFAULT_EXPIRY_MINUTES) * MINUTE_MS;
    this.purchases.push({
      id,
      agent,
      currency,
      amount,
      reservedAt: this.now,
      status: verdict === "rejected" ? "REJECTED" : verdict === "pending" ? "PENDING" : "APPROVED",
      hold: verdict === "rejected" ? "NONE" : "HELD",
      run: "NONE",
      approved: amount,
      paid: 0n,
      refunded: 0n,
      late: false,
      dueAt: this.now + (verdict === "pending" ? waitMs : GRANT_MS),
      leaseEndsAt: 0,
    });
    return verdict;
  }

  judge(
    agent: AgentName,
    currency: Currency,
    amount: bigint,
    at: number,
    again?: Purchase,
  ): Verdict {
    if (chainOf(agent).some((scope) => this.stopped.has(scope))) return "rejected";
    const binding = this.#binding(agent);
    const isSlow = binding.every(({ scope, rules }) => this.#isSlowEnough(scope, rules, at, again));
    if (!isSlow || !this.#fits({ agent, currency }, amount, at, again)) return "rejected";
    const isWavedThrough =
      binding.length > 0 &&
      binding.every(({ rules: { autoUpTo } }) => autoUpTo !== undefined && amount <= autoUpTo);
    return isWavedThrough ? "auto_approved" : "pending";
  }

  decide(purchase: Purchase, answer: "approve" | "reject", amount = purchase.amount): void {
    if (!isPending(purchase)) throw new Refusal("ALREADY_DECIDED");
    if (answer === "reject") {
      Object.assign(purchase, { status: "REJECTED", hold: "RELEASED" });
      return;
    }
    if (amount > purchase.amount) throw new Refusal("PATCH_INVALID");
    if (chainOf(purchase.agent).some((scope) => this.stopped.has(scope)))
      throw new Refusal("SPENDING_STOPPED");
    const { agent, currency, reservedAt } = purchase;
    if (this.judge(agent, currency, amount, reservedAt, purchase) === "rejected")
      throw new Refusal("SPEND_POLICY_REFUSED");
    Object.assign(purchase, { status: "APPROVED", approved: amount, dueAt: this.now + GRANT_MS });
  }

  cancel(purchase: Purchase): void {
    if (purchase.status === "CANCELLED") return;
    if (!isPending(purchase)) throw new Refusal("ALREADY_DECIDED");
    Object.assign(purchase, { status: "CANCELLED", hold: "RELEASED" });
  }

  claim(purchase: Purchase): void {
    if (purchase.status !== "APPROVED") throw new Refusal("GRANT_MISSING");
    purchase.run = "CLAIMED";
    purchase.leaseEndsAt = this.now + LEASE_MS;
  }

  /** Ends its run; what was paid is said by a confirmation. */
  endRun(purchase: Purchase, run: "COMMITTED" | "FAILED"): void {
    purchase.run = run;
    purchase.dueAt = this.now + GRANT_MS;
    if (run === "FAILED" && purchase.hold === "HELD") purchase.hold = "RELEASED";
  }

  /** Somebody has looked. */
  reconcile(purchase: Purchase, run: "COMMITTED" | "FAILED"): void {
    purchase.run = run;
    if (purchase.hold !== "HELD") return;
    purchase.hold = run === "FAILED" ? "RELEASED" : "SETTLED";
    if (run === "COMMITTED") purchase.paid = purchase.approved;
  }

  confirm(purchase: Purchase, paid: bigint | undefined): void {
    const told = `paid ${paid ?? "what was approved"}`;
    if (isTold(purchase, told)) return;
    const amount = paid ?? purchase.approved;
    if (purchase.hold === "SETTLED") {
      this.#correct(purchase, amount);
      purchase.told = told;
      return;
    }
    const isLate = purchase.hold === "EXPIRED";
    if (!isLate && (purchase.hold !== "HELD" || purchase.status !== "APPROVED"))
      throw new Refusal("PURCHASE_NOT_APPROVED");
    const excess = amount - purchase.approved;
    if (excess > 0n && !this.#mayExceed(purchase, excess))
      throw new Refusal("AMOUNT_ABOVE_APPROVED");
    Object.assign(purchase, { hold: "SETTLED", paid: amount, late: isLate, told });
  }

  giveBack(purchase: Purchase): void {
    const told = "nothing was paid";
    if (isTold(purchase, told)) return;
    if (purchase.status !== "APPROVED") throw new Refusal("PURCHASE_NOT_APPROVED");
    if (purchase.hold === "SETTLED") throw new Refusal("PURCHASE_SETTLED");
    if (purchase.hold === "HELD") {
      if (purchase.run === "COMMITTED") throw new Refusal("EXECUTION_SETTLED");
      if (purchase.run !== "NONE") throw new Refusal("EXECUTION_CLAIMED");
      purchase.hold = "RELEASED";
    }
    purchase.told = told;
  }

  refund(purchase: Purchase, amount: bigint): void {
    if (purchase.refunded + amount > purchase.paid) throw new Refusal("REFUND_ABOVE_PAID");
    purchase.refunded += amount;
  }

  setBudget(scope: Scope, currency: Currency, amount: bigint | undefined): void {
    if (amount === undefined) {
      this.allocated.delete(`${scope} ${currency}`);
      return;
    }
    if (amount < this.held(scope, currency) + this.spent(scope, currency))
      throw new Refusal("BUDGET_BELOW_COMMITTED");
    this.allocated.set(`${scope} ${currency}`, amount);
  }

  /** Lets time go by, and with it whatever was to be done in time. */
  pass(byMs: number): void {
    this.now += byMs;
    for (const purchase of this.purchases) {
      if (purchase.run === "CLAIMED" && purchase.leaseEndsAt <= this.now)
        purchase.run = "OUTCOME_UNKNOWN";
      if (purchase.hold !== "HELD" || purchase.dueAt > this.now) continue;
      if (isPending(purchase)) Object.assign(purchase, { status: "EXPIRED", hold: "EXPIRED" });
      else if (purchase.run === "NONE") purchase.hold = "EXPIRED";
      else if (purchase.run === "COMMITTED")
        Object.assign(purchase, { hold: "SETTLED", paid: purchase.approved });
    }
  }

  /** What was taken for paid as approved, told of at last: less may have been paid. */
  #correct(purchase: Purchase, amount: bigint): void {
    if (amount > purchase.paid) throw new Refusal("AMOUNT_ABOVE_APPROVED");
    if (amount < purchase.refunded) throw new Refusal("PURCHASE_SETTLED");
    purchase.paid = amount;
  }

  #mayExceed(purchase: Purchase, excess: bigint): boolean {
    const binding = this.#binding(purchase.agent);
    return (
      binding.length > 0 &&
      binding.every(
        ({ rules }) => rules.currency === purchase.currency && excess <= rules.tolerance,
      ) &&
      this.#fits(purchase, purchase.approved + excess, purchase.reservedAt, purchase)
    );
  }

  /** Whether an amount is within every limit and budget. */
  #fits(
    { agent, currency }: Pick<Purchase, "agent" | "currency">,
    amount: bigint,
    at: number,
    again: Purchase | undefined,
  ): boolean {
    const isWithin = this.#binding(agent).every(({ scope, rules }) => {
      const within = (limit: bigint | undefined, period: "day" | "week" | "month" | "ever") =>
        limit === undefined || this.usage(scope, rules, at, period, again) + amount <= limit;
      return (
        rules.currency === currency &&
        (rules.perRequest === undefined || amount <= rules.perRequest) &&
        within(rules.daily, "day") &&
        within(rules.weekly, "week") &&
        within(rules.monthly, "month") &&
        within(rules.total, "ever")
      );
    });
    const isAffordable = chainOf(agent).every((scope) => {
      const available = this.available(scope, currency);
      return available === undefined || amount <= available + (again ? heldOf(again) : 0n);
    });
    return isWithin && isAffordable;
  }

  #isSlowEnough(scope: Scope, rules: Rules, at: number, again: Purchase | undefined): boolean {
    const since = (spanMs: number) =>
      this.#of(scope, rules.currency).filter(
        (each) =>
          each !== again &&
          each.hold !== "NONE" &&
          each.reservedAt > at - spanMs &&
          each.reservedAt <= at,
      ).length;
    return (
      (rules.perMinute === undefined || since(MINUTE_MS) < rules.perMinute) &&
      (rules.perHour === undefined || since(60 * MINUTE_MS) < rules.perHour)
    );
  }

  #binding(agent: AgentName): readonly { readonly scope: Scope; readonly rules: Rules }[] {
    return [agent, "project" as const].flatMap((scope) => {
      const rules = this.rules.get(scope);
      return rules === undefined ? [] : [{ scope, rules }];
    });
  }

  #of(scope: Scope, currency: Currency): readonly Purchase[] {
    return this.purchases.filter(
      (each) => each.currency === currency && chainOf(each.agent).includes(scope),
    );
  }

  #sum(scope: Scope, currency: Currency, of: (purchase: Purchase) => bigint): bigint {
    return this.#of(scope, currency).reduce((sum, purchase) => sum + of(purchase), 0n);
  }
}

function chainOf(agent: AgentName): readonly Scope[] {
  return [agent, "project", "organisation"];
}

/** Whether just this was said before. What was said once is not said otherwise. */
function isTold(purchase: Purchase, told: string): boolean {
  if (purchase.told !== undefined && purchase.told !== told) throw new Refusal("PURCHASE_SETTLED");
  return purchase.told === told;
}

function isPending({ status }: Purchase): boolean {
  return status === "PENDING";
}

function heldOf({ hold, approved }: Purchase): bigint {
  return hold === "HELD" ? approved : 0n;
}

function spentOf({ hold, paid, refunded }: Purchase): bigint {
  return hold === "SETTLED" ? paid - refunded : 0n;
}
