import { typeidUnboxed } from "typeid-js";
import { expect, test } from "vitest";
import { openShop } from "./shop.js";

const DAY_MS = 86_400_000;
const waveThrough = { currency: "EUR", auto_approve: { enabled: true } } as const;
const refused = (code: string) => ({ problem: { code } });

test("[P-SPEND-CONFIRM] [G8] refuses to confirm more than was approved, and moves nothing", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy(waveThrough);
  await treasurer.setBudget({
    scope: "agent",
    agent_id: buyer.id,
    currency: "EUR",
    amount_minor: 50_000,
  });
  const { id } = await buyer.buy(10_000);
  await expect(buyer.confirm(id, 10_001)).rejects.toMatchObject(refused("AMOUNT_ABOVE_APPROVED"));
  expect(await buyer.get(id)).toMatchObject({ status: "auto_approved", hold: "HELD" });
  const budget = (await treasurer.budgets()).find(({ scope }) => scope === "agent");
  expect(budget).toMatchObject({ held: { amount_minor: 10_000 }, spent: { amount_minor: 0 } });
  expect(await buyer.confirm(id, 10_000)).toMatchObject({ status: "completed" });
});

test("[P-SPEND-CONFIRM] [G8] tolerates no more than the policies do, and only where the excess fits", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy({ ...waveThrough, confirm_tolerance: "5.00", daily_limit: "203.00" });
  await treasurer.setPolicy({ ...waveThrough, confirm_tolerance: "2.00" }, buyer);
  const [first, second] = [await buyer.buy(10_000), await buyer.buy(10_000)];
  await expect(buyer.confirm(first.id, 10_201)).rejects.toMatchObject(
    refused("AMOUNT_ABOVE_APPROVED"),
  );
  expect(await buyer.confirm(first.id, 10_200)).toMatchObject({ status: "completed" });
  // Within the tolerance, but 102.00 and 102.00 are more than a day's 203.00.
  await expect(buyer.confirm(second.id, 10_200)).rejects.toMatchObject(
    refused("AMOUNT_ABOVE_APPROVED"),
  );
  expect(await buyer.confirm(second.id, 10_100)).toMatchObject({ status: "completed" });
});

test("[P-SPEND-CONFIRM] [P-SPEND-APPROVAL] a lowered purchase is confirmed up to what the person left of it", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const { id } = await buyer.buy(10_000);
  await treasurer.lower(id, "40.00");
  await expect(buyer.confirm(id, 4_001)).rejects.toMatchObject(refused("AMOUNT_ABOVE_APPROVED"));
  expect(await buyer.confirm(id)).toMatchObject({ actual_amount: { amount_minor: 4_000 } });
});

test("[P-SPEND-CONFIRM] of many who say at once that nothing was paid, one gives back; all get the same answer", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy(waveThrough);
  await treasurer.setBudget({ scope: "project", currency: "EUR", amount_minor: 50_000 });
  const { id } = await buyer.buy(10_000);
  const answers = await Promise.all(Array.from({ length: 8 }, () => buyer.giveBack(id)));
  for (const answer of answers)
    expect(answer).toMatchObject({ status: "failed", hold: "RELEASED" });
  const project = (await treasurer.budgets()).find(({ scope }) => scope === "project");
  expect(project).toMatchObject({ available_minor: 50_000 });
  const kinds = (await treasurer.entries(project?.id as string)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "release")).toHaveLength(1);
});

test("[P-SPEND-CONFIRM] of paid and not paid said at once, one wins and the other is told so", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy(waveThrough);
  for (let round = 0; round < 10; round++) {
    const { id } = await buyer.buy(1_000);
    const told = await Promise.allSettled([buyer.confirm(id), buyer.giveBack(id)]);
    expect(told.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { status, hold } = await buyer.get(id);
    expect([`completed SETTLED`, `failed RELEASED`]).toContain(`${status} ${hold}`);
  }
});

test("[P-SPEND-CONFIRM] answers a repeated confirmation the same, and another one with what it was", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy(waveThrough);
  const { id } = await buyer.buy(10_000);
  const once = await buyer.confirm(id, 9_000, { external_id: "ch_1" });
  expect(await buyer.confirm(id, 9_000, { external_id: "ch_1" })).toEqual(once);
  for (const other of [buyer.confirm(id, 8_999), buyer.giveBack(id)]) {
    await expect(other).rejects.toMatchObject(refused("PURCHASE_SETTLED"));
  }
  expect(await buyer.get(id)).toEqual(once);
});

test("[P-SPEND-CONFIRM] what was said not to be paid cannot be paid afterwards: its grant is void", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy(waveThrough);
  const { id } = await buyer.buy(10_000);
  await buyer.giveBack(id);
  await expect(buyer.claim(id)).rejects.toMatchObject(refused("GRANT_EXPIRED"));
  await expect(buyer.confirm(id)).rejects.toMatchObject(refused("PURCHASE_SETTLED"));
  expect(await buyer.get(id)).toMatchObject({ status: "failed", hold: "RELEASED" });
});

test("[P-SPEND-CONFIRM] [P-SPEND-UNKNOWN] what is being paid, or was, cannot be said not to be paid", async () => {
  await using shop = await openShop();
  const { buyer, treasurer, clock } = shop;
  await treasurer.setPolicy(waveThrough);
  const [paying, paid] = [await buyer.buy(1_000), await buyer.buy(2_000)];
  await buyer.claim(paying.id);
  await expect(buyer.giveBack(paying.id)).rejects.toMatchObject(refused("EXECUTION_CLAIMED"));
  await buyer.commit(await buyer.claim(paid.id));
  await expect(buyer.giveBack(paid.id)).rejects.toMatchObject(refused("EXECUTION_SETTLED"));
  await clock.advance(2 * DAY_MS);
  // Nobody knows any more: the money stays held, and who looks may settle it.
  await expect(buyer.giveBack(paying.id)).rejects.toMatchObject(refused("EXECUTION_CLAIMED"));
  await clock.advance(30 * DAY_MS);
  expect(await buyer.get(paying.id)).toMatchObject({ hold: "HELD" });
});

test("[P-SPEND-LATE] a hold that nobody confirms ends by itself; a payment told of afterwards is recorded as late", async () => {
  await using shop = await openShop();
  const { buyer, treasurer, clock } = shop;
  await treasurer.setPolicy(waveThrough);
  await treasurer.setBudget({ scope: "project", currency: "EUR", amount_minor: 10_000 });
  const { id } = await buyer.buy(10_000);
  await clock.advance(8 * DAY_MS);
  await expect.poll(() => buyer.get(id)).toMatchObject({ status: "expired", hold: "EXPIRED" });
  const other = await buyer.buy(8_000);
  expect(other).toMatchObject({ status: "auto_approved" });
  expect(await buyer.confirm(id)).toMatchObject({ status: "completed", late: true });
  const project = (await treasurer.budgets()).find(({ scope }) => scope === "project");
  expect(project).toMatchObject({ spent: { amount_minor: 10_000 }, available_minor: -8_000 });
  expect(await buyer.buy(1)).toMatchObject({ status: "rejected" });
});

test("[P-SPEND-UNITS] what remains leaves out what is held", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setBudget({ scope: "project", currency: "EUR", amount_minor: 10_000 });
  const first = await buyer.buy(3_000);
  await buyer.buy(2_000);
  await treasurer.approve(first.id);
  expect(await treasurer.get(first.id)).toMatchObject({
    budget_remaining: { amount_minor: 5_000 },
  });
});

test("[P-SPEND-CONFIRM] refunds up to what was paid, once under one id, and never more", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy(waveThrough);
  const bought = await buyer.buy(10_000);
  await expect(treasurer.refund(bought, 1)).rejects.toMatchObject({ name: "RefusedError" });
  const paid = await buyer.confirm(bought.id, 6_000);
  const refund = typeidUnboxed("rfd");
  const all = Array.from({ length: 4 }, () => treasurer.refund(paid, 4_000, refund));
  for (const one of await Promise.all(all)) {
    expect(one).toMatchObject({ refunded_amount: { amount_minor: 4_000 } });
  }
  await expect(treasurer.refund(paid, 2_001)).rejects.toMatchObject(refused("REFUND_ABOVE_PAID"));
  expect(await treasurer.refund(paid, 2_000)).toMatchObject({
    refunded_amount: { amount_minor: 6_000 },
  });
});

test.each([["javascript:alert(1)"], ["data:text/html,hi"], ["file:///etc/passwd"], ["not a url"]])(
  "[P-SPEND-INPUT] takes no receipt at %s",
  async (receipt_url) => {
    await using shop = await openShop();
    await shop.treasurer.setPolicy(waveThrough);
    const { id } = await shop.buyer.buy(100);
    await expect(shop.buyer.settle(id, { success: true, receipt_url })).rejects.toMatchObject(
      refused("VALIDATION_FAILED"),
    );
    expect(await shop.buyer.get(id)).toMatchObject({ hold: "HELD" });
  },
);
