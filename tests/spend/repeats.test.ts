import { typeidUnboxed } from "typeid-js";
import { expect, test } from "vitest";
import { openShop } from "./shop.js";

const waveThrough = { currency: "EUR", auto_approve: { enabled: true } } as const;

test("[S-ONCE] [G8] a purchase sent many times at once under one id reserves once", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy(waveThrough);
  const id = typeidUnboxed("req");
  const sent = await Promise.all(Array.from({ length: 16 }, () => buyer.buy(1_000, { id })));
  for (const purchase of sent) expect(purchase).toMatchObject({ id, status: "auto_approved" });
  const [account] = await treasurer.budgets();
  expect(account).toMatchObject({ held: { amount_minor: 1_000 } });
});

test("[S-ONCE] another purchase under the same id is refused, whatever became of the first", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy({ ...waveThrough, per_request_limit: "20.00" });
  for (const amount of [1_000, 2_001]) {
    const id = typeidUnboxed("req");
    await buyer.buy(amount, { id });
    await expect(buyer.buy(amount + 1, { id })).rejects.toMatchObject({
      problem: { code: "REQUEST_ID_CONFLICT" },
    });
    await expect(buyer.buy(amount, { id, category: "food" })).rejects.toMatchObject({
      problem: { code: "REQUEST_ID_CONFLICT" },
    });
  }
});

test("[S-ONCE] a repeat is answered as the purchase stands now, not as it stood", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const id = typeidUnboxed("req");
  expect(await buyer.buy(1_000, { id })).toMatchObject({ status: "pending" });
  await treasurer.approve(id);
  expect(await buyer.buy(1_000, { id })).toMatchObject({ status: "approved" });
});

test("[G8] no more than 100 purchases of one agent wait for people at the same time", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const other = await shop.hire("other");
  const asked = await Promise.allSettled(Array.from({ length: 120 }, () => buyer.buy(1)));
  const refusals = asked.flatMap((one) =>
    one.status === "rejected" ? [one.reason as unknown] : [],
  );
  expect(refusals).toHaveLength(20);
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({ problem: { code: "PENDING_PURCHASES_EXCEEDED" } });
  }
  expect(await other.buy(1)).toMatchObject({ status: "pending" });
  const { body } = await treasurer.send("GET", "/v1/purchases?status=pending&limit=1");
  await treasurer.reject((body as { data: { id: string }[] }).data[0]?.id as string);
});

test("[P-SPEND-CHECKS] lists page by page, whole and without doubles, and refuses what is no page", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const made = new Set<string>();
  for (let index = 0; index < 25; index++) made.add((await buyer.buy(index + 1)).id);
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const path: string = `/v1/purchases?limit=10${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = (await treasurer.send("GET", path)).body as {
      data: { id: string }[];
      next_cursor: string | null;
    };
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  expect(seen).toHaveLength(25);
  expect(new Set(seen)).toEqual(made);
  for (const query of ["limit=0", "limit=-1", "limit=101", "status=done", "offset=-1"]) {
    expect((await treasurer.send("GET", `/v1/purchases?${query}`)).status).toBe(422);
  }
});

test("[P-SPEND-CHECKS] who waits for a purchase is told the moment it is decided", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const { id } = await buyer.buy(1_000);
  const waiting = buyer.get(id, 30_000);
  await treasurer.approve(id);
  expect(await waiting).toMatchObject({ status: "approved" });
});
