import type { PaymentChallenge, WirePurchase } from "@holdpoint/protocol/spend";
import { expect, test } from "vitest";
import { openShop } from "./shop.js";

const USDC_ON_BASE = "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913";
const SELLER = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
const waveThrough = { currency: "USDC", auto_approve: { enabled: true } } as const;

function challenge(minor: number, change: Partial<PaymentChallenge> = {}): PaymentChallenge {
  return {
    network: "eip155:8453",
    asset: USDC_ON_BASE,
    pay_to: SELLER,
    resource_url: "https://api.example.com/report",
    asset_amount: String(minor),
    scheme: "exact",
    digest: `sha256:${"a".repeat(64)}`,
    ...change,
  };
}

function payment(minor: number, change: Partial<PaymentChallenge> = {}) {
  const x402 = challenge(minor, change);
  return { currency: "USDC", category: "data", payee: x402.pay_to, x402 };
}

function failed({ policy_check }: WirePurchase): readonly string[] {
  return policy_check.checks.flatMap(({ rule, result }) => (result === "fail" ? [rule] : []));
}

test("[P-X402] [P-SPEND-UNITS] a challenge for another amount than the purchase is refused, with or without a policy", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  expect(failed(await buyer.buy(10_000, payment(5_000_000)))).toContain("x402");
  await treasurer.setPolicy(waveThrough);
  expect(failed(await buyer.buy(10_000, payment(10_001)))).toContain("x402");
  expect(await buyer.buy(10_000, payment(10_000))).toMatchObject({ status: "auto_approved" });
});

test("[P-X402] [G8] payments at the same time share one budget and one limit with everything else", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy({ ...waveThrough, daily_limit: "0.05" });
  await treasurer.setBudget({ scope: "project", currency: "USDC", amount_minor: 30_000 });
  const made = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      buyer.buy(1_000, index % 2 === 0 ? payment(1_000) : { currency: "USDC" }),
    ),
  );
  expect(made.filter(({ status }) => status === "auto_approved")).toHaveLength(30);
  const project = (await treasurer.budgets()).find(({ scope }) => scope === "project");
  expect(project).toMatchObject({ held: { amount_minor: 30_000 }, available_minor: 0 });
});

test("[P-X402] hours, rates, payees and the person's approval bind a payment as any purchase, and a refusal is kept", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const rules: readonly [string, object][] = [
    ["schedule", { schedule: { default: { allow: "01:00-02:00" } } }],
    ["velocity_limit", { requests_per_hour: 1 }],
    ["payee", { allowed_payees: ["0x0000000000000000000000000000000000000001"] }],
    ["daily_limit", { daily_limit: "0" }],
  ];
  await treasurer.setPolicy(waveThrough);
  await buyer.buy(1, payment(1));
  for (const [rule, limit] of rules) {
    await treasurer.setPolicy({ ...waveThrough, ...limit });
    const { id } = await buyer.buy(1, payment(1));
    expect(failed(await treasurer.get(id))).toEqual([rule]);
  }
  await treasurer.setPolicy({ currency: "USDC", auto_approve: { enabled: true, max_amount: "1" } });
  expect(await buyer.buy(1_000_001, payment(1_000_001))).toMatchObject({ status: "pending" });
});

test("[P-X402] the address that is paid is compared with the payees, whoever else the agent names", async () => {
  await using shop = await openShop();
  await shop.treasurer.setPolicy({ ...waveThrough, allowed_payees: ["friend.example"] });
  const disguised = { ...payment(1), payee: "friend.example" };
  const answer = await shop.buyer.buy(1, disguised).catch((error: unknown) => error);
  expect(answer).not.toMatchObject({ status: "auto_approved" });
});

test("[P-X402] networks, assets and domains are compared with what is really called, and cannot be left out", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy({
    ...waveThrough,
    x402: {
      allowed_networks: ["eip155:8453"],
      allowed_assets: [USDC_ON_BASE.toLowerCase()],
      allowed_domains: ["api.example.com"],
      max_per_request: "0.01",
    },
  });
  expect(await buyer.buy(10_000, payment(10_000))).toMatchObject({ status: "auto_approved" });
  const strangers: readonly [number, Partial<PaymentChallenge>][] = [
    [10_001, {}],
    [1, { network: "eip155:1" }],
    [1, { asset: SELLER }],
    [1, { resource_url: "https://api.example.com.evil.example/report" }],
    [1, { resource_url: "https://evil.example/?api.example.com" }],
    [1, { resource_url: "https://api.example.com@evil.example/" }],
  ];
  for (const [minor, change] of strangers) {
    expect(failed(await buyer.buy(minor, payment(minor, change)))).toEqual(["x402"]);
  }
  const { resource_url: _, ...without } = challenge(1);
  const wish = { ...payment(1), x402: without as PaymentChallenge };
  await expect(buyer.buy(1, wish)).rejects.toMatchObject({ problem: { status: 422 } });
});

test("[P-X402] addresses and transactions of other chains fit", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy(waveThrough);
  const { id } = await buyer.buy(
    1_000,
    payment(1_000, {
      network: "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
      asset: "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
      pay_to: "2wKupLR9q6wXYppw8Gr2NvWxKBUqm4PPJKkQfoxHDBg4",
    }),
  );
  const external_id = "5".repeat(88);
  expect(await buyer.confirm(id, undefined, { external_id })).toMatchObject({
    status: "completed",
    external_id,
  });
});

test("[P-X402] [P-SPEND-CONFIRM] a payment cannot be called off and then reported, nor reported twice", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  await treasurer.setPolicy(waveThrough);
  const called = await buyer.buy(1_000, payment(1_000));
  await buyer.giveBack(called.id);
  await expect(buyer.confirm(called.id)).rejects.toMatchObject({
    problem: { code: "PURCHASE_SETTLED" },
  });
  const paid = await buyer.buy(1_000, payment(1_000));
  const reports = Array.from({ length: 8 }, () => buyer.confirm(paid.id));
  for (const report of await Promise.all(reports))
    expect(report).toMatchObject({ status: "completed" });
  const [account] = await treasurer.budgets();
  expect(account).toMatchObject({ spent: { amount_minor: 1_000 }, held: { amount_minor: 0 } });
});
