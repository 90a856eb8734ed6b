import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluatePurchase } from "./evaluate.js";
import { parsePlain, policyArbitrary, usageArbitrary } from "./fixtures/arbitrary.js";
import {
  type EvaluatePurchaseInput,
  type ScopeState,
  SPEND_RULES,
  type SpendPolicy,
  type SpendUsage,
} from "./policy.js";
import { validateSpendPolicy } from "./validate.js";

const scopeArbitrary = (scope: ScopeState["scope"]): fc.Arbitrary<ScopeState> =>
  fc
    .record({
      stopped: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.boolean()),
      policy:
        scope === "organisation"
          ? fc.constant(undefined)
          : fc.option(policyArbitrary, { nil: undefined }),
      usage: usageArbitrary,
      budget: fc.option(
        fc.record({
          allocatedMinor: fc.bigInt({ min: 0n, max: 100_000n }),
          heldMinor: fc.bigInt({ min: 0n, max: 20_000n }),
          spentMinor: fc.bigInt({ min: 0n, max: 20_000n }),
        }),
        { nil: undefined },
      ),
    })
    .map(({ stopped, policy, usage, budget }) => ({
      scope,
      stopped,
      ...(policy && { policy, usage }),
      ...(budget && { budget }),
    }));

const inputArbitrary: fc.Arbitrary<EvaluatePurchaseInput> = fc.record({
  purchase: fc
    .record({
      amountMinor: fc.bigInt({ min: 1n, max: 9_000n }),
      currency: fc.oneof({ weight: 15, arbitrary: fc.constant("EUR") }, fc.constant("USD")),
      category: fc.constantFrom("software", "cloud", "food", "gold"),
      payee: fc.option(fc.constantFrom("acme", "Globex"), { nil: undefined }),
    })
    .map(({ payee, ...facts }) => ({ ...facts, ...(payee && { payee }) })),
  instantMs: fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2027-01-01") }),
  scopes: fc
    .tuple(scopeArbitrary("agent"), scopeArbitrary("project"), scopeArbitrary("organisation"))
    .map((scopes) => scopes as readonly ScopeState[]),
});

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

test("[P-SPEND-CHECKS] a judgement is pure: of frozen input, and of a copy, it is the same", () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const first = evaluatePurchase(deepFreeze(input));
      expect(evaluatePurchase(input)).toEqual(first);
      expect(evaluatePurchase(structuredClone(input))).toEqual(first);
    }),
  );
});

test("[P-SPEND-CHECKS] the outcome is what its checks say, and each rule is there once", () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const { outcome, checks } = evaluatePurchase(input);
      const results = new Set(checks.map(({ result }) => result));
      const expected = results.has("fail")
        ? "rejected"
        : results.has("ask")
          ? "pending"
          : "auto_approved";
      expect(outcome).toBe(expected);
      expect(new Set(checks.map(({ rule, scope }) => `${rule} ${scope}`)).size).toBe(checks.length);
      expect([...new Set(checks.map(({ rule }) => rule))]).toEqual(SPEND_RULES);
    }),
  );
});

/** What an approved purchase may never break, worked out anew: no code of the rules is used. */
function assertWithin(policy: SpendPolicy, usage: SpendUsage, amount: bigint, now: string) {
  const { auto_approve, schedule } = policy;
  const within = (limit: string | undefined, used: bigint) =>
    expect(limit === undefined || used + amount <= parsePlain(limit)).toBe(true);
  const override = schedule?.overrides?.find(
    (one) => one.days.some((day) => day === now) && one.daily_limit,
  );
  within(policy.per_request_limit, 0n);
  within(override?.daily_limit ?? policy.daily_limit, usage.dayMinor);
  within(policy.weekly_limit, usage.weekMinor);
  within(policy.monthly_limit, usage.monthMinor);
  within(policy.total_limit, usage.totalMinor);
  expect(usage.lastMinute).toBeLessThan(policy.requests_per_minute ?? Number.POSITIVE_INFINITY);
  expect(usage.lastHour).toBeLessThan(policy.requests_per_hour ?? Number.POSITIVE_INFINITY);
  return { auto_approve, within };
}

test("[G8] what is not refused breaks no limit and no budget", () => {
  const weekday = (ms: number, timeZone: string) =>
    new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone }).format(ms).toLowerCase();
  let seen = { rejected: 0, pending: 0, auto_approved: 0 };
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const { outcome } = evaluatePurchase(input);
      seen = { ...seen, [outcome]: seen[outcome] + 1 };
      if (outcome === "rejected") return;
      const { amountMinor: amount, currency, category, payee } = input.purchase;
      const policies = input.scopes.flatMap(({ policy }) => policy ?? []);
      for (const { stopped, policy, usage, budget } of input.scopes) {
        expect(stopped).toBe(false);
        if (budget) {
          expect(amount + budget.heldMinor + budget.spentMinor).toBeLessThanOrEqual(
            budget.allocatedMinor,
          );
        }
        if (policy === undefined || usage === undefined) continue;
        expect(currency).toBe(policy.currency);
        const now = weekday(input.instantMs, policy.timezone ?? "UTC");
        const { auto_approve } = assertWithin(policy, usage, amount, now);
        expect(policy.allowed_categories ?? [category]).toContain(category);
        expect(policy.blocked_categories ?? []).not.toContain(category);
        if (policy.allowed_payees) expect(policy.allowed_payees).toContain(payee?.toLowerCase());
        if (outcome !== "auto_approved") continue;
        expect(auto_approve?.enabled).toBe(true);
        expect(amount).toBeLessThanOrEqual(parsePlain(auto_approve?.max_amount ?? "1000000"));
        expect(auto_approve?.categories ?? [category]).toContain(category);
        expect(amount).toBeLessThanOrEqual(
          parsePlain(policy.approval_threshold?.amount ?? "1000000"),
        );
      }
      if (outcome === "auto_approved") expect(policies).not.toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  // Each way out was really taken.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
});

test("a policy without issues can be followed", () => {
  fc.assert(
    fc.property(policyArbitrary, usageArbitrary, (policy, usage) => {
      fc.pre(validateSpendPolicy(policy).issues.length === 0);
      const purchase = { amountMinor: 1n, currency: "EUR", category: "software" };
      const scopes = [{ scope: "agent" as const, stopped: false, policy, usage }];
      expect(() => evaluatePurchase({ purchase, instantMs: 0, scopes })).not.toThrow();
    }),
  );
});
