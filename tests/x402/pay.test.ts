import type { SpendPolicy } from "@holdpoint/protocol/spend";
import {
  ConflictError,
  NotPaidError,
  PaymentChallengeError,
  PurchaseRejectedError,
} from "@holdpoint/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NETWORK } from "../../examples/x402/market/chain.js";
import { startSeller } from "../../examples/x402/market/seller.js";
import { startCrookedSeller, termsFor } from "./crooked.js";
import { type Buyer, type Market, openBuyer, openMarket, waveThrough } from "./world.js";

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market[Symbol.asyncDispose]());

function sell(payTo: string, price: string) {
  const { facilitatorUrl } = market;
  return startSeller({ facilitatorUrl, payTo, prices: { weather: price } });
}

/** Nothing was signed, and nothing has arrived. */
async function expectNothingPaid(buyer: Buyer): Promise<void> {
  expect(buyer.signed()).toBe(0);
  expect(await buyer.paid()).toBe(0n);
}

describe("what policy lets through", () => {
  test("[P-X402] [G2] is paid once and confirmed with its transaction", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo, "$0.10");
    await buyer.treasurer.setPolicy(waveThrough);
    const told: string[] = [];
    const pay = buyer.fetch({ onPaid: ({ externalId }) => told.push(String(externalId)) });
    const response = await pay(`${seller.url}/reports/weather?city=Jena`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ report: "weather" });
    expect([buyer.signed(), await buyer.paid()]).toEqual([1, 100_000n]);
    const [purchase] = await buyer.purchases();
    expect(purchase).toMatchObject({
      status: "completed",
      hold: "SETTLED",
      amount: { amount_minor: 100_000, currency: "USDC" },
      actual_amount: { amount_minor: 100_000, currency: "USDC" },
      payee: buyer.payTo,
      merchant_name: new URL(seller.url).host,
      x402: {
        network: NETWORK,
        pay_to: buyer.payTo,
        resource_url: `${seller.url}/reports/weather`,
        asset_amount: "100000",
      },
      external_id: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
    expect(told).toEqual([purchase?.external_id]);
    const { description } = await buyer.hp.spend.get(purchase?.id as string);
    expect(description).toBe(`GET ${seller.url}/reports/weather?city=Jena`);
  });

  test("a call that costs nothing makes no purchase, and neither does a 402 of another kind", async () => {
    await using buyer = await openBuyer(market);
    const pay = buyer.fetch();
    expect((await pay(`${buyer.holdpoint.url}/healthz`)).status).toBe(200);
    const other = buyer.hp.spend.x402Fetch(async () => new Response("{}", { status: 402 }), {
      client: buyer.client,
      category: "data",
    });
    expect((await other("https://shop.example/")).status).toBe(402);
    expect(await buyer.purchases()).toEqual([]);
  });

  test("[P-X402] above the client's own $1, policy is asked all the same", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo, "$2.50");
    await buyer.treasurer.setPolicy(waveThrough);
    expect((await buyer.fetch()(`${seller.url}/reports/weather`)).status).toBe(200);
    expect(await buyer.paid()).toBe(2_500_000n);
  });

  test("[P-X402] [G6] works with an encryption key, and says the address in clear without its query", async () => {
    const encryptionKey = Buffer.alloc(32, 4).toString("base64url");
    await using buyer = await openBuyer(market, { encryptionKey });
    await using seller = await sell(buyer.payTo, "$0.10");
    await buyer.treasurer.setPolicy(waveThrough);
    const url = `${seller.url}/reports/weather?token=hush`;
    expect((await buyer.fetch()(url, { method: "POST", body: "{}" })).status).toBe(200);
    const [purchase] = await buyer.purchases();
    expect(JSON.stringify(purchase)).not.toContain("hush");
    expect((await buyer.hp.spend.get(purchase?.id as string)).description).toBe(`POST ${url}`);
  });
});

describe("what policy refuses", () => {
  const refusals: readonly [string, SpendPolicy, string][] = [
    [
      "more than one payment may be",
      { ...waveThrough, per_request_limit: "0.09" },
      "per_request_limit",
    ],
    [
      "more than one x402 payment may be",
      { ...waveThrough, x402: { max_per_request: "0.09" } },
      "x402",
    ],
    ["another domain", { ...waveThrough, x402: { allowed_domains: ["api.example.com"] } }, "x402"],
    ["another network", { ...waveThrough, x402: { allowed_networks: ["eip155:8453"] } }, "x402"],
    [
      "another token",
      { ...waveThrough, x402: { allowed_assets: [`0x${"1".repeat(40)}`] } },
      "x402",
    ],
    ["another payee", { ...waveThrough, allowed_payees: [`0x${"2".repeat(40)}`] }, "payee"],
    ["another category", { ...waveThrough, allowed_categories: ["software"] }, "category"],
    ["another currency", { ...waveThrough, currency: "EURC" }, "currency"],
  ];

  test.each(refusals)("[P-X402] [G4] %s: nothing is signed", async (_, policy, rule) => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo, "$0.10");
    await buyer.treasurer.setPolicy(policy);
    const error = await buyer
      .fetch()(`${seller.url}/reports/weather`)
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(PurchaseRejectedError);
    const { purchase } = error as PurchaseRejectedError;
    const failed = purchase?.policyCheck.checks.filter(({ result }) => result === "fail");
    expect(failed?.map((check) => check.rule)).toEqual([rule]);
    await expectNothingPaid(buyer);
  });

  test("[P-X402] a seller that says it is somebody else is judged by where it was called", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await startCrookedSeller(buyer.payTo, {
      claimedUrl: "https://api.example.com/report",
    });
    await buyer.treasurer.setPolicy({
      ...waveThrough,
      x402: { allowed_domains: ["api.example.com"] },
    });
    await expect(buyer.fetch()(`${seller.url}/report`)).rejects.toMatchObject({
      code: "PURCHASE_REJECTED",
      purchase: { x402: { resource_url: `${seller.url}/report` } },
    });
    await expectNothingPaid(buyer);
  });
});

describe("limits", () => {
  test("[P-X402] [G8] twenty at once against a budget for five: five are paid", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo, "$0.10");
    await buyer.treasurer.setPolicy(waveThrough);
    await buyer.treasurer.setBudget({ scope: "project", currency: "USDC", amount_minor: 500_000 });
    const pay = buyer.fetch();
    const ended = await Promise.allSettled(
      Array.from({ length: 20 }, () => pay(`${seller.url}/reports/weather`)),
    );
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    for (const each of ended) {
      if (each.status === "rejected") expect(each.reason).toBeInstanceOf(PurchaseRejectedError);
    }
    expect([buyer.signed(), await buyer.paid()]).toEqual([5, 500_000n]);
  });

  test("[P-X402] [P-SPEND-UNITS] a tenth of a cent counts as one, up to the limit and no further", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo, "$0.001");
    await buyer.treasurer.setPolicy({ ...waveThrough, daily_limit: "0.005" });
    const pay = buyer.fetch();
    for (let count = 1; count <= 5; count += 1) {
      expect((await pay(`${seller.url}/reports/weather`)).status).toBe(200);
    }
    await expect(pay(`${seller.url}/reports/weather`)).rejects.toBeInstanceOf(
      PurchaseRejectedError,
    );
    expect([buyer.signed(), await buyer.paid()]).toEqual([5, 5_000n]);
  });
});

describe("under one key", () => {
  test("[P-X402] [G2] calls at once and calls later pay once, and only one gets the answer", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo, "$0.10");
    await buyer.treasurer.setPolicy(waveThrough);
    const pay = buyer.fetch({ key: () => "report-7" });
    const again = () => pay(`${seller.url}/reports/weather`);
    const ended = await Promise.allSettled(Array.from({ length: 6 }, again));
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const each of ended) {
      if (each.status === "rejected") expect(each.reason).toBeInstanceOf(ConflictError);
    }
    await expect(again()).rejects.toMatchObject({ code: "EXECUTION_SETTLED" });
    expect([buyer.signed(), await buyer.paid()]).toEqual([1, 100_000n]);
  });

  test("another body, method or address under the same key is another purchase", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo, "$0.10");
    await buyer.treasurer.setPolicy(waveThrough);
    const headers = { "idempotency-key": "report-8" };
    const pay = buyer.fetch();
    const url = `${seller.url}/reports/weather`;
    await pay(url, { method: "POST", headers, body: "one" });
    await pay(url, { method: "POST", headers, body: "two" });
    await expect(pay(url, { method: "POST", headers, body: "two" })).rejects.toThrow(ConflictError);
    expect(buyer.signed()).toBe(2);
  });
});

describe("challenges that cannot be paid here", () => {
  const unusable: readonly [string, object][] = [
    ["an unknown token", { asset: `0x${"3".repeat(40)}` }],
    ["a fraction of a unit", { amount: "0.5" }],
    ["nothing", { amount: "0" }],
    ["more than any amount", { amount: "1000000000000000" }],
    ["a scheme that signs for more", { scheme: "upto" }],
    ["a network the client has no scheme for", { network: "solana:main" }],
  ];

  test.each(unusable)("[P-X402] %s: nothing is asked, nothing signed", async (_, change) => {
    await using buyer = await openBuyer(market);
    const terms = termsFor(buyer.payTo, change);
    await using seller = await startCrookedSeller(buyer.payTo, { terms });
    await buyer.treasurer.setPolicy(waveThrough);
    const error = await buyer
      .fetch()(`${seller.url}/report`)
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(PaymentChallengeError);
    expect(error).toMatchObject({ code: "PAYMENT_CHALLENGE_UNSUPPORTED" });
    expect(await buyer.purchases()).toEqual([]);
    await expectNothingPaid(buyer);
  });

  test("[P-X402] a challenge at the end of a redirect", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await startCrookedSeller(buyer.payTo);
    await expect(buyer.fetch()(`${seller.url}/elsewhere`)).rejects.toMatchObject({
      code: "PAYMENT_CHALLENGE_UNSUPPORTED",
    });
    await expectNothingPaid(buyer);
  });
});

test("[P-X402] a client that signs something else than was approved sends nothing", async () => {
  await using buyer = await openBuyer(market);
  await using seller = await startCrookedSeller(buyer.payTo);
  await buyer.treasurer.setPolicy(waveThrough);
  buyer.client.onAfterPaymentCreation(async ({ paymentPayload }) => {
    Object.assign(paymentPayload.payload.authorization as object, { value: "9000000" });
  });
  await expect(buyer.fetch()(`${seller.url}/report`)).rejects.toBeInstanceOf(NotPaidError);
  expect(seller.received).toEqual([]);
  expect((await buyer.purchases())[0]).toMatchObject({ status: "failed", hold: "RELEASED" });
});

test("[P-X402] [G5] whoever uses the client behind our back gets no signature", async () => {
  await using buyer = await openBuyer(market);
  await using seller = await sell(buyer.payTo, "$0.10");
  await buyer.treasurer.setPolicy(waveThrough);
  await buyer.fetch()(`${seller.url}/reports/weather`);
  const required = {
    x402Version: 2,
    resource: { url: seller.url },
    accepts: [termsFor(buyer.payTo)],
  };
  await expect(buyer.client.createPaymentPayload(required)).rejects.toThrow();
  expect(buyer.signed()).toBe(1);
});
