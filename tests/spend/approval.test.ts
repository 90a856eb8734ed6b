import { expect, test } from "vitest";
import { openShop } from "./shop.js";

const refused = (code: string) => ({ problem: { code } });

test("[P-SPEND-APPROVAL] [G5] nothing is decided by a GET, nor by the agent itself", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const { id } = await buyer.buy(1_000);
  for (const path of [`/v1/requests/${id}/decision`, `/v1/purchases/${id}/confirm`]) {
    expect((await treasurer.send("GET", `${path}?decision=approve`)).status).toBeGreaterThan(399);
  }
  const body = { decision: "approve", revision: 1 };
  expect((await buyer.send("POST", `/v1/requests/${id}/decision`, body)).status).toBe(403);
  expect(await buyer.get(id)).toMatchObject({ status: "pending" });
});

test("[P-SPEND-APPROVAL] says who decided and why, to the agent, in the history and with a receipt", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const { id } = await buyer.buy(1_000);
  await treasurer.reject(id, "Use the old one.");
  expect(await buyer.get(id)).toMatchObject({
    status: "rejected",
    reason: "Use the old one.",
    decided_by: { type: "operator", name: "Ada Lovelace" },
  });
  const { body } = await treasurer.send("GET", `/v1/requests/${id}/events`);
  const events = (body as { data: { type: string; receipt_id?: string }[] }).data;
  expect(events.map(({ type }) => type)).toEqual([
    "request.created",
    "purchase.reserved",
    "request.rejected",
    "purchase.released",
  ]);
  for (const { receipt_id } of events) {
    expect((await treasurer.send("GET", `/v1/receipts/${receipt_id}`)).status).toBe(200);
  }
});

test("[P-SPEND-APPROVAL] [P-SPEND-STOP] approves nothing while spending is stopped; what was pending stays so", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const { id } = await buyer.buy(1_000);
  await treasurer.stop(buyer);
  await expect(treasurer.approve(id)).rejects.toMatchObject(refused("SPENDING_STOPPED"));
  expect(await buyer.get(id)).toMatchObject({ status: "pending", hold: "HELD" });
  await treasurer.letGoOn(buyer);
  await treasurer.approve(id);
  expect(await buyer.get(id)).toMatchObject({ status: "approved" });
});

test("[P-SPEND-APPROVAL] [G8] approves nothing that the policies of that moment forbid, naming what they have against it", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const { id } = await buyer.buy(1_000);
  await treasurer.setPolicy({ currency: "EUR", per_request_limit: "5.00" });
  const approving = treasurer.approve(id);
  await expect(approving).rejects.toMatchObject(refused("SPEND_POLICY_REFUSED"));
  await expect(approving).rejects.toThrow(/per_request_limit/);
  // As much of it as is allowed by now.
  await treasurer.lower(id, "5.00");
  expect(await buyer.get(id)).toMatchObject({
    status: "approved",
    approved_amount: { amount_minor: 500 },
  });
});

test("[P-SPEND-STOP] what was paid can be confirmed while spending is stopped, and everything stays visible", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy({ currency: "EUR", auto_approve: { enabled: true } });
  const { id } = await buyer.buy(1_000);
  await treasurer.stop();
  expect(await buyer.buy(1)).toMatchObject({ status: "rejected" });
  expect(await buyer.get(id)).toMatchObject({ status: "auto_approved", hold: "HELD" });
  expect(await buyer.budgets()).not.toEqual([]);
  expect(await buyer.confirm(id)).toMatchObject({ status: "completed" });
});

test("[P-SPEND-STOP] an approver stops; only an admin lets go on", async () => {
  await using shop = await openShop();
  const approver = await shop.invite("Grace", ["approver"]);
  const viewer = await shop.invite("Alan", ["viewer"]);
  await expect(viewer.stop()).rejects.toMatchObject({ problem: { status: 403 } });
  await approver.stop();
  expect(await shop.buyer.buy(1)).toMatchObject({ status: "rejected" });
  await expect(approver.letGoOn()).rejects.toMatchObject({ problem: { status: 403 } });
  await shop.treasurer.letGoOn();
  expect(await shop.buyer.buy(1)).toMatchObject({ status: "pending" });
});

test("[P-SPEND-APPROVAL] a person lowers the amount: the difference is free at once", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setBudget({ scope: "project", currency: "EUR", amount_minor: 10_000 });
  const { id } = await buyer.buy(10_000, { details: { description: "Chairs" } });
  expect(await buyer.buy(1)).toMatchObject({ status: "rejected" });
  await treasurer.lower(id, "60.00");
  expect(await buyer.get(id)).toMatchObject({
    status: "approved",
    approved_amount: { amount_minor: 6_000 },
  });
  expect(await buyer.buy(4_000)).toMatchObject({ status: "pending" });
});

test.each([
  ["more", { amount: "10.01" }],
  ["another currency", { currency: "USD" }],
  ["another category", { category: "food" }],
  ["another payee", { payee: "evil.example" }],
  ["something that was not there", { tip: "1.00" }],
  ["a fraction of a cent", { amount: "9.999" }],
  ["nothing", { amount: "0.00" }],
])("[P-SPEND-APPROVAL] an edit to %s is refused, and decides nothing", async (_, change) => {
  await using shop = await openShop();
  const { id } = await shop.buyer.buy(1_000, { payee: "acme.example" });
  await expect(shop.treasurer.edit(id, change)).rejects.toMatchObject(refused("PATCH_INVALID"));
  expect(await shop.buyer.get(id)).toMatchObject({ status: "pending", hold: "HELD" });
});

test("[P-SPEND-APPROVAL] an agent takes its purchase back, and the money is free at once", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setBudget({ scope: "project", currency: "EUR", amount_minor: 1_000 });
  const { id } = await buyer.buy(1_000);
  await buyer.cancel(id);
  expect(await buyer.get(id)).toMatchObject({ status: "cancelled", hold: "RELEASED" });
  expect(await buyer.buy(1_000)).toMatchObject({ status: "pending" });
});

test("[P-SPEND-LATE] a purchase nobody decides expires on time, and the money is free at once", async () => {
  await using shop = await openShop();
  const { buyer, treasurer, clock } = shop;
  await treasurer.setBudget({ scope: "project", currency: "EUR", amount_minor: 1_000 });
  const { id, expires_at } = await buyer.buy(1_000);
  expect(Date.parse(expires_at as string) - clock.now()).toBe(30 * 60_000);
  await clock.advance(30 * 60_000);
  expect(await buyer.buy(1_000)).toMatchObject({ status: "pending" });
  expect(await buyer.get(id)).toMatchObject({ status: "expired", hold: "EXPIRED" });
  await expect(treasurer.approve(id)).rejects.toMatchObject(refused("ALREADY_DECIDED"));
});

test("[P-QUORUM] [P-SPEND-APPROVAL] above a threshold so many people have to approve, each once", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const second = await shop.invite("Grace", ["approver"]);
  await treasurer.setPolicy({ currency: "EUR", approval_threshold: { amount: "5.00", quorum: 2 } });
  const { id, quorum } = await buyer.buy(501);
  expect(quorum).toBe(2);
  await treasurer.approve(id);
  expect(await buyer.get(id)).toMatchObject({
    status: "pending",
    approvals: [{ operator: { name: "Ada Lovelace" } }],
  });
  await treasurer.decide(id, { decision: "approve", revision: 2 } as never).catch(() => {});
  expect(await buyer.get(id)).toMatchObject({ status: "pending" });
  const { revision } = (await second.send("GET", `/v1/requests/${id}`)).body as {
    revision: number;
  };
  await second.decide(id, { decision: "approve", revision } as never);
  expect(await buyer.get(id)).toMatchObject({ status: "approved" });
});
