import { Holdpoint } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { RefusedError } from "../harness/control-plane.js";
import { openShop } from "./shop.js";

/** Of the right form, and of nobody. */
const API_KEY = `hp_${"0".repeat(26)}_${"A".repeat(43)}`;
const waveThrough = { auto_approve: { enabled: true } } as const;

test("[P-SPEND-UNITS] [G8] counts a payment of a tenth of a cent whole: ten fit a limit of one cent, the eleventh does not", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy({ currency: "USDC", daily_limit: "0.01", ...waveThrough });
  for (let paid = 0; paid < 10; paid++) {
    expect(await buyer.buy(1_000, { currency: "USDC" })).toMatchObject({ status: "auto_approved" });
  }
  expect(await buyer.buy(1, { currency: "USDC" })).toMatchObject({ status: "rejected" });
  const [account] = await treasurer.budgets();
  expect(account).toMatchObject({ held: { amount_minor: 10_000, currency: "USDC" } });
});

test.each([
  ["half a cent", 0.5],
  ["a float that is nearly whole", 200.99999999999997],
  ["nothing", 0],
  ["less than nothing", -1],
  ["more than a number holds exactly", 2 ** 53],
  ["more than any amount", 1e15],
  ["a text", "12.50"],
  ["null", null],
])(
  "[P-SPEND-INPUT] [P-SPEND-UNITS] refuses an amount of %s, and reserves nothing",
  async (_, minor) => {
    await using shop = await openShop();
    await expect(shop.buyer.buy(minor as number)).rejects.toMatchObject({
      problem: { code: "VALIDATION_FAILED" },
    });
    expect(await shop.treasurer.budgets()).toEqual([]);
  },
);

test.each([
  ["a number", 2.01],
  ["too many decimals", "2.001"],
  ["an exponent", "2e3"],
  ["a sign", "-2.01"],
  ["a separator", "2,000.00"],
  ["not a number", "NaN"],
  ["nothing", "0.00"],
])(
  "[P-SPEND-INPUT] [P-SPEND-UNITS] the SDK refuses %s before anything is sent",
  async (_, amount) => {
    const sent: unknown[] = [];
    const fetch = async (input: unknown) => {
      sent.push(input);
      return new Response();
    };
    const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: "http://localhost:1", fetch });
    const asked = hp.spend.purchase({
      amount: amount as string,
      currency: "EUR",
      category: "software",
    });
    await expect(asked).rejects.toMatchObject({ code: "AMOUNT_INVALID" });
    expect(sent).toEqual([]);
  },
);

test.each(["XTS", "EURO", "eur", "BTC", ""])(
  "[P-SPEND-INPUT] refuses the currency %j, and reserves nothing",
  async (currency) => {
    await using shop = await openShop();
    await expect(shop.buyer.buy(100, { currency })).rejects.toBeInstanceOf(RefusedError);
    expect(await shop.treasurer.budgets()).toEqual([]);
  },
);

test("[P-SPEND-UNITS] keeps currencies apart: budgets of one say nothing of another, and nothing is converted", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setBudget({ scope: "project", currency: "EUR", amount_minor: 100 });
  expect(await buyer.buy(5_000, { currency: "JPY" })).toMatchObject({ status: "pending" });
  expect(await buyer.buy(101)).toMatchObject({ status: "rejected" });
  expect(await buyer.buy(100)).toMatchObject({
    status: "pending",
    budget_remaining: { amount_minor: 0, currency: "EUR" },
  });
});

test("[P-SPEND-UNITS] refuses a purchase in another currency than the policy's", async () => {
  await using shop = await openShop();
  await shop.treasurer.setPolicy({ currency: "EUR", ...waveThrough });
  const { status, policy_check } = await shop.buyer.buy(100, { currency: "EURC" });
  expect(status).toBe("rejected");
  expect(policy_check.checks.filter(({ result }) => result === "fail")).toMatchObject([
    { rule: "currency", scope: "project" },
  ]);
});

test.each(["per_request_limit", "daily_limit", "weekly_limit", "monthly_limit", "total_limit"])(
  "[G8] a %s of 0 lets nothing through",
  async (limit) => {
    await using shop = await openShop();
    await shop.treasurer.setPolicy({ currency: "USDC", [limit]: "0", ...waveThrough });
    const { status, policy_check } = await shop.buyer.buy(1, { currency: "USDC" });
    expect(status).toBe("rejected");
    expect(policy_check.checks.filter(({ result }) => result === "fail")).toMatchObject([
      { rule: limit },
    ]);
  },
);
