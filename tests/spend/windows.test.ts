import type { WirePurchase } from "@holdpoint/protocol/spend";
import { expect, test } from "vitest";
import { openShop, type Shop } from "./shop.js";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const waveThrough = { enabled: true } as const;

/** What a daily, weekly or monthly limit says is used already, from the check's own numbers. */
async function usedOf(shop: Shop, rule: string): Promise<string | undefined> {
  const { id, policy_check } = await shop.buyer.buy(1);
  await shop.buyer.cancel(id).catch(() => shop.buyer.giveBack(id));
  return policy_check.checks
    .find((check) => check.rule === rule && check.scope === "project")
    ?.detail.match(/^[\d.]+/)?.[0];
}

/** Spends 100.00 on a Wednesday. */
async function spendOnWednesday(shop: Shop): Promise<WirePurchase> {
  await shop.treasurer.setPolicy({
    currency: "EUR",
    timezone: "Europe/Berlin",
    daily_limit: "150.00",
    weekly_limit: "400.00",
    monthly_limit: "1000.00",
    auto_approve: waveThrough,
  });
  const { id } = await shop.buyer.buy(10_000);
  return shop.buyer.confirm(id);
}

test("[P-SPEND-WINDOWS] gives a refund back to the day, week and month it was spent in, not to today's", async () => {
  await using shop = await openShop();
  const purchase = await spendOnWednesday(shop);
  await shop.clock.advance(7 * DAY_MS);
  const today = await shop.buyer.buy(9_000);
  await shop.buyer.confirm(today.id);
  await shop.treasurer.refund(purchase, 10_000);
  expect(await usedOf(shop, "daily_limit")).toBe("90.00");
  expect(await usedOf(shop, "weekly_limit")).toBe("90.00");
  expect(await usedOf(shop, "monthly_limit")).toBe("90.00");
  expect(await shop.buyer.buy(7_000)).toMatchObject({ status: "rejected" });
});

test("[P-SPEND-WINDOWS] a payment that was not made gives back to the window it was reserved in", async () => {
  await using shop = await openShop();
  await spendOnWednesday(shop);
  const yesterday = await shop.buyer.buy(5_000);
  await shop.clock.advance(DAY_MS);
  await shop.buyer.buy(14_000);
  await shop.buyer.giveBack(yesterday.id);
  expect(await usedOf(shop, "daily_limit")).toBe("140.00");
  expect(await usedOf(shop, "weekly_limit")).toBe("240.00");
});

test("[P-SPEND-WINDOWS] what is held over midnight goes on counting in its own day, and takes nobody else's hold along", async () => {
  await using shop = await openShop({ startsAt: "2026-03-11T22:50:00Z" });
  const { buyer, treasurer, clock } = shop;
  await treasurer.setPolicy({
    currency: "EUR",
    timezone: "Europe/Berlin",
    daily_limit: "100.00",
    expiry_minutes: 60,
  });
  // 23:50 in Berlin.
  const [before, other] = [await buyer.buy(6_000), await buyer.buy(4_000)];
  expect(await buyer.buy(1)).toMatchObject({ status: "rejected" });
  await clock.advance(15 * MINUTE_MS);
  // 00:05 on the next day.
  const after = await buyer.buy(10_000);
  expect(after).toMatchObject({ status: "pending" });
  await treasurer.approve(before.id);
  await treasurer.reject(other.id);
  expect(await buyer.buy(1)).toMatchObject({ status: "rejected" });
  await treasurer.reject(after.id);
  expect(await buyer.buy(10_000)).toMatchObject({ status: "pending" });
});

test("[P-SPEND-WINDOWS] [G8] what a person approves counts in every limit as what needs nobody", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy({
    currency: "EUR",
    daily_limit: "100.00",
    weekly_limit: "100.00",
    monthly_limit: "100.00",
    total_limit: "100.00",
  });
  const { id } = await buyer.buy(6_000);
  await treasurer.approve(id);
  await buyer.confirm(id, 5_000);
  const { policy_check } = await buyer.buy(5_001);
  expect(
    policy_check.checks.flatMap(({ rule, result }) => (result === "fail" ? [rule] : [])),
  ).toEqual(["daily_limit", "weekly_limit", "monthly_limit", "total_limit"]);
  expect(await buyer.buy(5_000)).toMatchObject({ status: "pending" });
});

test("[P-SPEND-WINDOWS] what was paid for less stays what it was: nothing recomputes it from what was asked", async () => {
  await using shop = await openShop();
  const { buyer, clock } = shop;
  await spendOnWednesday(shop);
  const { id } = await buyer.buy(5_000);
  await buyer.confirm(id, 1_000);
  for (let hours = 0; hours < 3; hours++) await clock.advance(60 * MINUTE_MS);
  expect(await usedOf(shop, "daily_limit")).toBe("110.00");
  const [account] = await shop.treasurer.budgets();
  expect(account).toMatchObject({ spent: { amount_minor: 11_000 }, held: { amount_minor: 0 } });
});

test("[P-SPEND-WINDOWS] a day is as long as the clocks of the policy's time zone make it", async () => {
  await using shop = await openShop({ startsAt: "2026-03-28T22:30:00Z" });
  const { buyer, treasurer, clock } = shop;
  await treasurer.setPolicy({
    currency: "EUR",
    timezone: "Europe/Berlin",
    daily_limit: "100.00",
    auto_approve: waveThrough,
  });
  await buyer.buy(10_000);
  await clock.advanceTo("2026-03-28T23:00:00Z");
  expect(await buyer.buy(10_000)).toMatchObject({ status: "auto_approved" });
  // The day on which the clocks go forward has 23 hours.
  await clock.advanceTo("2026-03-29T21:59:59Z");
  expect(await buyer.buy(1)).toMatchObject({ status: "rejected" });
  await clock.advanceTo("2026-03-29T22:00:00Z");
  expect(await buyer.buy(1)).toMatchObject({ status: "auto_approved" });
});
