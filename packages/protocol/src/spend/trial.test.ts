import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluatePurchase } from "./evaluate.js";
import { policyArbitrary } from "./fixtures/arbitrary.js";
import { policyOf, purchaseOf } from "./fixtures/policy.js";
import type { SpendCheck, SpendPolicy } from "./policy.js";
import { type PastPurchase, type TrySpendPolicyOptions, trySpendPolicy } from "./trial.js";
import type { JudgedOutcome } from "./wire.js";

const START = Date.parse("2026-03-02T10:00:00Z"); // a Monday
const HOUR_MS = 3_600_000;

function past(id: string, hours: number, change: Partial<PastPurchase> = {}): PastPurchase {
  return {
    id,
    agentId: "agt_1",
    facts: purchaseOf(),
    reservedAt: START + hours * HOUR_MS,
    outcome: "auto_approved",
    checks: [],
    approved: true,
    countedMinor: 4_000n,
    ...change,
  };
}

function outcomes(options: TrySpendPolicyOptions): Record<string, JudgedOutcome> {
  const { changed } = trySpendPolicy(options);
  const after = new Map(changed.map((one) => [one.purchase.id, one.after]));
  return Object.fromEntries(
    options.purchases.map(({ id, outcome }) => [id, after.get(id) ?? outcome]),
  );
}

describe("usage is what the policy that is tried would have let through", () => {
  test("what it refuses leaves room for what comes next", () => {
    const purchases = [
      past("a", 0),
      past("b", 1, { facts: purchaseOf({ amountMinor: 9_000n }), countedMinor: 9_000n }),
      past("c", 2),
      past("d", 3),
    ];
    expect(outcomes({ policy: policyOf({ daily_limit: "100" }), purchases })).toEqual({
      a: "auto_approved",
      b: "rejected",
      c: "auto_approved",
      d: "rejected",
    });
  });

  test("what was refused then and passes now counts in full", () => {
    const refused = { outcome: "rejected", approved: false, countedMinor: 0n } as const;
    const purchases = [past("a", 0, refused), past("b", 1, refused), past("c", 2, refused)];
    const { before, after, changed } = trySpendPolicy({
      policy: policyOf({ daily_limit: "80" }),
      purchases,
    });
    expect(before).toEqual({ auto_approved: 0, pending: 0, rejected: 3 });
    expect(after).toEqual({ auto_approved: 2, pending: 0, rejected: 1 });
    expect(changed.map(({ purchase, after: now }) => `${purchase.id} ${now}`)).toEqual([
      "a auto_approved",
      "b auto_approved",
    ]);
  });

  test("a person's no stands while they are asked, and is gone where they are not", () => {
    const denied = { outcome: "pending", approved: false, countedMinor: 0n } as const;
    const purchases = [past("a", 0, denied), past("b", 1)];
    const asking = policyOf({
      daily_limit: "40",
      auto_approve: { enabled: true, max_amount: "1" },
    });
    expect(outcomes({ policy: asking, purchases })).toEqual({ a: "pending", b: "pending" });
    const letting = policyOf({ daily_limit: "40" });
    expect(outcomes({ policy: letting, purchases })).toEqual({ a: "auto_approved", b: "rejected" });
  });

  test("what was given back or lowered counts as it went", () => {
    const purchases = [
      past("released", 0, { countedMinor: 0n }),
      past("lowered", 1, { outcome: "pending", countedMinor: 1_000n }),
      past("c", 2),
    ];
    const policy = policyOf({ daily_limit: "50" });
    expect(trySpendPolicy({ policy, purchases }).after.rejected).toBe(0);
  });

  test("days, weeks, months and hours end by the policy's own clocks", () => {
    const purchases = Array.from({ length: 5 }, (_, day) => past(`p${day}`, day * 24));
    const refused = (rules: Partial<SpendPolicy>) =>
      trySpendPolicy({ policy: policyOf(rules), purchases }).after.rejected;
    expect(refused({ daily_limit: "40" })).toBe(0);
    expect(refused({ weekly_limit: "120" })).toBe(2);
    expect(refused({ monthly_limit: "40" })).toBe(4);
    expect(refused({ total_limit: "80" })).toBe(3);
    const night = [past("a", 3.5), past("b", 4.5)]; // 13:30Z and 14:30Z: New York's 08:30 and 09:30
    expect(
      trySpendPolicy({
        policy: policyOf({ daily_limit: "40", timezone: "Asia/Tokyo" }),
        purchases: [past("a", 4), past("b", 6)],
      }).after.rejected,
    ).toBe(0);
    expect(
      trySpendPolicy({
        policy: policyOf({
          schedule: { default: { allow: "09:00-17:00" } },
          timezone: "America/New_York",
        }),
        purchases: night,
      }).after,
    ).toMatchObject({ rejected: 1, auto_approved: 1 });
  });

  test("velocity counts what was reserved, though its money was given back, and nothing refused", () => {
    const refused = { outcome: "rejected", approved: false, countedMinor: 0n } as const;
    const tooMuch = past("a", 0, { ...refused, facts: purchaseOf({ amountMinor: 9_000n }) });
    const purchases = [tooMuch, past("b", 0, { countedMinor: 0n }), past("c", 0)];
    const policy = policyOf({ requests_per_hour: 1, per_request_limit: "50" });
    expect(outcomes({ policy, purchases })).toEqual({
      a: "rejected",
      b: "auto_approved",
      c: "rejected",
    });
  });

  test("velocity counts the 60 seconds and 60 minutes before, the oldest instant not included", () => {
    const at = (ms: number) => past(`${ms}`, ms / HOUR_MS);
    const purchases = [at(0), at(59_999), at(60_000), at(3_599_999), at(3_600_000)];
    expect(outcomes({ policy: policyOf({ requests_per_minute: 1 }), purchases })).toEqual({
      0: "auto_approved",
      59999: "rejected",
      60000: "auto_approved",
      3599999: "auto_approved",
      3600000: "rejected",
    });
    expect(outcomes({ policy: policyOf({ requests_per_hour: 1 }), purchases })).toEqual({
      0: "auto_approved",
      59999: "rejected",
      60000: "rejected",
      3599999: "rejected",
      3600000: "auto_approved",
    });
  });
});

describe("whose policy it is", () => {
  const others = { outcome: "auto_approved", agentId: "agt_2" } as const;

  test("an agent's binds that agent; what others bought is left as it went, and counts", () => {
    const purchases = [past("a", 0, others), past("b", 1), past("c", 2, others), past("d", 3)];
    const policy = policyOf({ daily_limit: "40" });
    const alone = trySpendPolicy({ policy, agentId: "agt_1", purchases });
    expect(alone.purchases).toBe(2);
    expect(alone.changed.map(({ purchase }) => purchase.id)).toEqual(["d"]);
    const within = trySpendPolicy({
      policy,
      agentId: "agt_1",
      purchases,
      others: { project: policyOf({ daily_limit: "79" }) },
    });
    expect(within.changed.map(({ purchase }) => purchase.id)).toEqual(["b", "d"]);
    expect(within.changed[0]?.checks).toMatchObject([{ rule: "daily_limit", scope: "project" }]);
  });

  test("a project's binds all, with the agents' own beside it", () => {
    const purchases = [past("a", 0), past("b", 1, others)];
    const agents = new Map([["agt_2", policyOf({ per_request_limit: "1" })]]);
    const trial = trySpendPolicy({ policy: policyOf(), purchases, others: { agents } });
    expect(trial.purchases).toBe(2);
    expect(trial.changed).toMatchObject([
      {
        before: "auto_approved",
        after: "rejected",
        checks: [{ rule: "per_request_limit", scope: "agent" }],
      },
    ]);
  });

  test("older ones count and are not judged", () => {
    const purchases = [past("a", 0), past("b", 1)];
    const trial = trySpendPolicy({
      policy: policyOf({ daily_limit: "40" }),
      purchases,
      sinceMs: START + 1,
    });
    expect(trial).toMatchObject({ purchases: 1, after: { rejected: 1 } });
  });
});

describe("what a policy cannot change", () => {
  test.each(["status", "budget"] as const)("a refusal by %s stays one", (rule) => {
    const checks: SpendCheck[] = [{ rule, scope: "project", result: "fail", detail: "No." }];
    const refused = { outcome: "rejected", approved: false, countedMinor: 0n, checks } as const;
    const trial = trySpendPolicy({ policy: policyOf(), purchases: [past("a", 0, refused)] });
    expect(trial).toMatchObject({ after: { rejected: 1 }, changed: [] });
  });

  test("a refusal by another policy does not", () => {
    const checks: SpendCheck[] = [
      { rule: "daily_limit", scope: "agent", result: "fail", detail: "No." },
    ];
    const refused = { outcome: "rejected", approved: false, countedMinor: 0n, checks } as const;
    const trial = trySpendPolicy({ policy: policyOf(), purchases: [past("a", 0, refused)] });
    expect(trial.changed).toMatchObject([
      {
        before: "rejected",
        after: "auto_approved",
        checks: [
          { rule: "auto_approve", scope: "agent", result: "pass" },
          { rule: "auto_approve", scope: "project", result: "pass" },
        ],
      },
    ]);
  });

  test("another currency neither passes nor counts", () => {
    const dollars = { facts: purchaseOf({ currency: "USD" }) };
    const purchases = [past("a", 0, dollars), past("b", 1)];
    expect(outcomes({ policy: policyOf({ daily_limit: "40" }), purchases })).toEqual({
      a: "rejected",
      b: "auto_approved",
    });
  });
});

test("nothing changes where the policy tried is the one that judged, and nothing is written into", () => {
  const steps = fc.array(
    fc.record({
      gapMs: fc.integer({ min: 0, max: 20 * HOUR_MS }),
      amountMinor: fc.bigInt({ min: 1n, max: 8_000n }),
      category: fc.constantFrom("software", "food", "gold"),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(policyArbitrary, steps, (policy, asked) => {
      const purchases = live(policy, asked);
      const trial = trySpendPolicy({ policy, purchases: Object.freeze(purchases) });
      expect(trial.changed).toEqual([]);
      expect(trial.after).toEqual(trial.before);
    }),
  );
});

/** Lives through purchases as a server would: usage summed anew from all that counts. */
function live(
  policy: SpendPolicy,
  asked: readonly { gapMs: number; amountMinor: bigint; category: string }[],
): PastPurchase[] {
  const timeZone = policy.timezone ?? "UTC";
  const done: PastPurchase[] = [];
  let reservedAt = START;
  for (const [index, { gapMs, amountMinor, category }] of asked.entries()) {
    reservedAt += gapMs;
    const facts = purchaseOf({ amountMinor, category });
    const sum = (isCounted: (at: number) => boolean) =>
      done
        .filter((one) => isCounted(one.reservedAt))
        .reduce((total, one) => total + one.countedMinor, 0n);
    const count = (ms: number) =>
      done.filter((one) => one.countedMinor > 0n && one.reservedAt > reservedAt - ms).length;
    const [day, week] = [dateIn(timeZone, reservedAt), weekIn(timeZone, reservedAt)];
    const usage = {
      dayMinor: sum((at) => dateIn(timeZone, at) === day),
      weekMinor: sum((at) => weekIn(timeZone, at) === week),
      monthMinor: sum((at) => dateIn(timeZone, at).slice(0, 7) === day.slice(0, 7)),
      totalMinor: sum(() => true),
      lastMinute: count(60_000),
      lastHour: count(HOUR_MS),
    };
    const scopes = [
      { scope: "agent" as const, stopped: false },
      { scope: "project" as const, stopped: false, policy, usage },
    ];
    const { outcome, checks } = evaluatePurchase({
      purchase: facts,
      instantMs: reservedAt,
      scopes,
    });
    const approved = outcome !== "rejected";
    const countedMinor = approved ? amountMinor : 0n;
    done.push({
      id: `${index}`,
      agentId: "agt_1",
      facts,
      reservedAt,
      outcome,
      checks,
      approved,
      countedMinor,
    });
  }
  return done;
}

function dateIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(at);
}

/** The date of the week's Monday. */
function weekIn(timeZone: string, at: number): string {
  const date = new Date(`${dateIn(timeZone, at)}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
