import type { WirePurchase } from "@holdpoint/protocol/spend";
import { SPEND_RULES } from "@holdpoint/protocol/spend";
import { expect, test } from "vitest";
import { openShop } from "./shop.js";

const waveThrough = { auto_approve: { enabled: true } } as const;
const refused = (code: string) => ({ problem: { code } });

function failed({ policy_check }: WirePurchase): readonly string[] {
  return policy_check.checks.flatMap(({ rule, result }) => (result === "fail" ? [rule] : []));
}

test("[P-SPEND-CHECKS] reports every rule of every scope, passed or not, in one order", async () => {
  await using shop = await openShop();
  await shop.treasurer.setPolicy({
    currency: "EUR",
    per_request_limit: "10.00",
    daily_limit: "5.00",
    blocked_categories: ["software"],
  });
  const { policy_check } = await shop.buyer.buy(2_000);
  expect(policy_check.passed).toBe(false);
  const rules = policy_check.checks.map(({ rule }) => rule);
  expect([...new Set(rules)]).toEqual(SPEND_RULES);
  expect(rules).toEqual([...rules].sort((one, other) => orderOf(one) - orderOf(other)));
  expect(failed({ policy_check } as WirePurchase)).toEqual([
    "category",
    "per_request_limit",
    "daily_limit",
  ]);
  const daily = policy_check.checks.find(
    ({ rule, scope }) => rule === "daily_limit" && scope === "project",
  );
  expect(daily?.detail).toMatch(/0\.00 \+ 20\.00 of 5\.00 EUR/);
});

function orderOf(rule: (typeof SPEND_RULES)[number]): number {
  return SPEND_RULES.indexOf(rule);
}

test("[P-SPEND-CHECKS] keeps what was refused, with why, and moves nothing for it", async () => {
  await using shop = await openShop();
  await shop.treasurer.setPolicy({ currency: "EUR", per_request_limit: "1.00", ...waveThrough });
  const first = await shop.buyer.buy(101);
  const second = await shop.buyer.buy(102);
  expect(first.id).not.toBe(second.id);
  expect(await shop.treasurer.get(second.id)).toMatchObject({
    status: "rejected",
    hold: "NONE",
    amount: { amount_minor: 102 },
    decided_by: { type: "policy" },
  });
  for (const { held, spent } of await shop.treasurer.budgets()) {
    expect([held.amount_minor, spent.amount_minor]).toEqual([0, 0]);
  }
});

test("[P-SPEND-CHECKS] a category that the policy does not know goes to a person, or is refused: it is never guessed", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const policy = { currency: "EUR", categories: ["software", "other"], ...waveThrough };
  await treasurer.setPolicy(policy);
  expect(await buyer.buy(1, { category: "softwares" })).toMatchObject({
    status: "pending",
    category: "softwares",
  });
  await treasurer.setPolicy({ ...policy, unknown_category: "reject" });
  expect(failed(await buyer.buy(1, { category: "gambling" }))).toEqual(["category"]);
  // A list of what is allowed leaves no way around it by another name.
  await treasurer.setPolicy({ ...policy, allowed_categories: ["software"] });
  expect(failed(await buyer.buy(1, { category: "gambling" }))).toEqual(["category"]);
  await expect(buyer.buy(1, { category: "Gift Cards" })).rejects.toMatchObject(
    refused("VALIDATION_FAILED"),
  );
});

test("[P-SPEND-CHECKS] where payees are listed, a purchase that names none is refused", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy({ currency: "EUR", allowed_payees: ["Figma.com"], ...waveThrough });
  expect(failed(await buyer.buy(1))).toEqual(["payee"]);
  expect(failed(await buyer.buy(1, { payee: "evil.example" }))).toEqual(["payee"]);
  expect(await buyer.buy(1, { payee: "figma.COM" })).toMatchObject({ status: "auto_approved" });
  await treasurer.setPolicy({ currency: "EUR", blocked_payees: ["evil.example"], ...waveThrough });
  expect(failed(await buyer.buy(1))).toEqual(["payee"]);
});

test("[P-SPEND-CHECKS] keeps the hours where an override only sets another daily limit", async () => {
  await using shop = await openShop({ startsAt: "2026-03-14T03:00:00Z" });
  await shop.treasurer.setPolicy({
    currency: "EUR",
    schedule: {
      timezone: "UTC",
      default: { allow: "09:00-17:00" },
      overrides: [{ days: ["sat"], daily_limit: "10.00" }],
    },
    ...waveThrough,
  });
  expect(failed(await shop.buyer.buy(1))).toEqual(["schedule"]);
  await shop.clock.advanceTo("2026-03-14T16:59:59Z");
  expect(failed(await shop.buyer.buy(1_001))).toEqual(["daily_limit"]);
  expect(await shop.buyer.buy(1_000)).toMatchObject({ status: "auto_approved" });
  // The last minute is not part of it.
  await shop.clock.advanceTo("2026-03-14T17:00:00Z");
  expect(failed(await shop.buyer.buy(1))).toContain("schedule");
});

test("[P-SPEND-CHECKS] a night belongs to the day on which it begins", async () => {
  await using shop = await openShop({ startsAt: "2026-03-13T23:30:00Z" });
  await shop.treasurer.setPolicy({
    currency: "EUR",
    schedule: {
      overrides: [
        { days: ["fri"], allow: "22:00-06:00" },
        { days: ["sat"], deny: true },
      ],
    },
    ...waveThrough,
  });
  expect(await shop.buyer.buy(1)).toMatchObject({ status: "auto_approved" });
  await shop.clock.advanceTo("2026-03-14T05:59:00Z");
  expect(await shop.buyer.buy(1)).toMatchObject({ status: "auto_approved" });
  await shop.clock.advanceTo("2026-03-14T06:00:00Z");
  expect(failed(await shop.buyer.buy(1))).toEqual(["schedule"]);
});

test("[P-SPEND-CHECKS] the rate counts what was let in, taken back or not; what was refused takes no place", async () => {
  await using shop = await openShop();
  const { buyer, treasurer, clock } = shop;
  await treasurer.setPolicy({ currency: "EUR", requests_per_minute: 2, per_request_limit: "1.00" });
  const first = await buyer.buy(100);
  expect(failed(await buyer.buy(101))).toEqual(["per_request_limit"]);
  expect(await buyer.buy(100)).toMatchObject({ status: "pending" });
  await buyer.cancel(first.id);
  // Each refusal is a purchase of its own, with its own amount.
  for (const amount of [98, 99]) {
    const refusal = await buyer.buy(amount);
    expect(failed(refusal)).toEqual(["velocity_limit"]);
    expect(refusal.amount.amount_minor).toBe(amount);
  }
  await clock.advance(60_000);
  expect(await buyer.buy(100)).toMatchObject({ status: "pending" });
});

test("[P-SPEND-CHECKS] any 60 seconds count, not those of the clock's minute", async () => {
  await using shop = await openShop({ startsAt: "2026-03-11T12:00:50Z" });
  const { buyer, treasurer, clock } = shop;
  await treasurer.setPolicy({ currency: "EUR", requests_per_minute: 2, ...waveThrough });
  await buyer.buy(1);
  await buyer.buy(1);
  await clock.advance(20_000);
  expect(failed(await buyer.buy(1))).toEqual(["velocity_limit"]);
});

test("[P-SPEND-INPUT] keeps a policy whole, the part for x402 too, and answers it as it was given", async () => {
  await using shop = await openShop();
  const policy = {
    currency: "USDC",
    daily_limit: "5.00",
    x402: { allowed_networks: ["eip155:8453"], allowed_domains: ["*.example.com"] },
  };
  await shop.treasurer.setPolicy(policy);
  const { body } = await shop.treasurer.send("GET", "/v1/spend-policies");
  expect(body).toMatchObject({ data: [{ policy, revision: 1 }] });
});

test.each<[string, object]>([
  ["a rule that does not exist", { dayly_limit: "5.00" }],
  ["a limit with too many decimals", { daily_limit: "5.001" }],
  ["a limit as a number", { daily_limit: 5 }],
  ["a negative limit", { daily_limit: "-5.00" }],
  ["a time zone that does not exist", { timezone: "Europe/Atlantis" }],
  ["two time zones", { timezone: "UTC", schedule: { timezone: "Europe/Berlin" } }],
  ["hours that are none", { schedule: { default: { allow: "25:00-26:00" } } }],
  ["an expiry shorter than anybody can decide", { expiry_minutes: 1 }],
  ["a currency that does not exist", { currency: "XTS" }],
  ["a quorum of nobody", { approval_threshold: { amount: "1.00", quorum: 0 } }],
])("[P-SPEND-INPUT] refuses a policy with %s, and leaves the one in force", async (_, fault) => {
  await using shop = await openShop();
  await shop.treasurer.setPolicy({ currency: "EUR", daily_limit: "5.00" });
  const policy = { currency: "EUR", ...fault };
  await expect(shop.treasurer.setPolicy(policy as never)).rejects.toMatchObject({
    problem: { status: 422 },
  });
  expect(failed(await shop.buyer.buy(501))).toEqual(["daily_limit"]);
});

test("[P-SPEND-INPUT] a schedule needs no default, and a rule can be taken away again", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const overrides = [{ days: ["wed" as const], deny: true as const }];
  await treasurer.setPolicy({ currency: "EUR", schedule: { overrides }, daily_limit: "1.00" });
  expect(failed(await buyer.buy(200))).toEqual(["schedule", "daily_limit"]);
  await treasurer.setPolicy({ currency: "EUR" });
  expect(await buyer.buy(200)).toMatchObject({ status: "pending" });
  await treasurer.setPolicy(null);
  expect(await buyer.buy(200)).toMatchObject({ status: "pending" });
});

test("[P-SPEND-INPUT] trying a policy arms nothing; what is stored is what was sent", async () => {
  await using shop = await openShop();
  const { treasurer, buyer } = shop;
  await treasurer.setPolicy({ currency: "EUR", ...waveThrough });
  await buyer.buy(500);
  const policy = { currency: "EUR", per_request_limit: "4.00", ...waveThrough };
  const { status, body } = await treasurer.send("POST", "/v1/spend-policies/try", { policy });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    purchases: 1,
    before: { auto_approved: 1 },
    after: { rejected: 1 },
  });
  expect(await buyer.buy(500)).toMatchObject({ status: "auto_approved" });
});
