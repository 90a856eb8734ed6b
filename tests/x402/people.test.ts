import {
  ApprovalRequiredError,
  type Purchase,
  PurchaseRejectedError,
  WaitTimeoutError,
} from "@holdpoint/sdk";
import type { PaymentRequirements } from "@x402/core/types";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSeller } from "../../examples/x402/market/seller.js";
import { StandingClock } from "../harness/clock.js";
import { startCrookedSeller, termsFor } from "./crooked.js";
import { type Buyer, type Market, openBuyer, openMarket } from "./world.js";

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market[Symbol.asyncDispose]());

function sell(payTo: string, price = "$0.10") {
  const { facilitatorUrl } = market;
  return startSeller({ facilitatorUrl, payTo, prices: { weather: price } });
}

async function expectNothingPaid(buyer: Buyer): Promise<void> {
  expect(buyer.signed()).toBe(0);
  expect(await buyer.paid()).toBe(0n);
}

/** Does `act` when a person is needed; what it comes to is the call's. */
function whenPending(act: (purchase: Purchase) => Promise<unknown>) {
  let acted: Promise<unknown> = Promise.resolve();
  return {
    onPending: (purchase: Purchase) => {
      acted = act(purchase);
    },
    done: () => acted,
  };
}

describe("a person decides", () => {
  test("[P-X402] [G5] approved: it is paid then, and not before", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo);
    const person = whenPending(async ({ requestId, url }) => {
      expect(url).toContain(requestId);
      await expectNothingPaid(buyer);
      await buyer.treasurer.approve(requestId);
    });
    const response = await buyer.fetch(person)(`${seller.url}/reports/weather`);
    expect(response.status).toBe(200);
    await person.done();
    expect([buyer.signed(), await buyer.paid()]).toEqual([1, 100_000n]);
  });

  test("[P-X402] [G4] rejected: nothing is signed, and the person's words arrive", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo);
    const person = whenPending(({ requestId }) => buyer.treasurer.reject(requestId, "Too dear."));
    const error = await buyer
      .fetch(person)(`${seller.url}/reports/weather`)
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(PurchaseRejectedError);
    expect(error.purchase).toMatchObject({ status: "rejected", reason: "Too dear." });
    await expectNothingPaid(buyer);
  });

  test("[P-X402] [G4] nobody decides in time: nothing is signed", async () => {
    const clock = new StandingClock("2026-03-11T12:00:00Z");
    await using buyer = await openBuyer(market, { clock });
    await using seller = await sell(buyer.payTo);
    const person = whenPending(() => clock.advance(31 * 60_000));
    const error = await buyer
      .fetch(person)(`${seller.url}/reports/weather`)
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(PurchaseRejectedError);
    expect(error.purchase).toMatchObject({ status: "expired" });
    await expectNothingPaid(buyer);
  });

  test("[P-X402] [P-SPEND-APPROVAL] the seller takes no less, so a person cannot approve less", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo);
    const person = whenPending(async ({ requestId }) => {
      const lower = buyer.treasurer.lower(requestId, "0.05");
      await expect(lower).rejects.toMatchObject({ problem: { code: "PATCH_INVALID" } });
      await buyer.treasurer.approve(requestId);
    });
    expect((await buyer.fetch(person)(`${seller.url}/reports/weather`)).status).toBe(200);
    await person.done();
    expect(await buyer.paid()).toBe(100_000n);
  });

  test("the wait ends early: without a key the purchase is taken back", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo);
    const pay = buyer.fetch({ timeoutMs: 1 });
    await expect(pay(`${seller.url}/reports/weather`)).rejects.toBeInstanceOf(WaitTimeoutError);
    expect((await buyer.purchases())[0]).toMatchObject({ status: "cancelled", hold: "RELEASED" });

    const controller = new AbortController();
    const aborting = buyer.fetch({ onPending: () => controller.abort(new Error("Enough.")) });
    const call = aborting(`${seller.url}/reports/weather`, { signal: controller.signal });
    await expect(call).rejects.toThrow("Enough.");
    expect((await buyer.purchases())[0]).toMatchObject({ status: "cancelled", hold: "RELEASED" });
  });
});

describe("without waiting", () => {
  test("[P-X402] [G2] the call is made again after the approval, and pays once", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo);
    const pay = buyer.fetch({ wait: false });
    const call = () =>
      pay(`${seller.url}/reports/weather`, { headers: { "idempotency-key": "report-9" } });
    const error = await call().catch((reason) => reason);
    expect(error).toBeInstanceOf(ApprovalRequiredError);
    // Asked again meanwhile, it is the same purchase.
    await expect(call()).rejects.toMatchObject({ requestId: error.requestId });
    expect(await buyer.purchases()).toHaveLength(1);
    await expectNothingPaid(buyer);
    await buyer.treasurer.approve(error.requestId);
    expect((await call()).status).toBe(200);
    await expect(call()).rejects.toMatchObject({ code: "EXECUTION_SETTLED" });
    expect([buyer.signed(), await buyer.paid()]).toEqual([1, 100_000n]);
  });

  test("a call without a key cannot be found again, so it is refused", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await sell(buyer.payTo);
    const pay = buyer.fetch({ wait: false });
    await expect(pay(`${seller.url}/reports/weather`)).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
    });
    expect(await buyer.purchases()).toEqual([]);
  });
});

describe("a challenge that changes after it was approved", () => {
  const otherPayee = `0x${"4".repeat(40)}`;
  const otherToken = `0x${"5".repeat(40)}`;
  const changes: readonly [string, Partial<PaymentRequirements>][] = [
    ["amount", { amount: "100001" }],
    ["lower amount", { amount: "99999" }],
    ["payee", { payTo: otherPayee }],
    ["token", { asset: otherToken }],
    ["network", { network: "eip155:8453", asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913" }],
    ["time to settle", { maxTimeoutSeconds: 3_000_000 }],
    ["way to sign", { extra: { name: "USDC", version: "3" } }],
  ];
  const assets = [{ network: "eip155:84532", asset: otherToken, currency: "USDC" }];

  test.each(changes)("[P-X402] [G2] another %s: nothing is signed", async (_, change) => {
    await using buyer = await openBuyer(market);
    await using seller = await startCrookedSeller(buyer.payTo);
    const person = whenPending(async ({ requestId }) => {
      seller.ware.terms = termsFor(buyer.payTo, change);
      await buyer.treasurer.approve(requestId);
    });
    await expect(buyer.fetch({ ...person, assets })(`${seller.url}/report`)).rejects.toMatchObject({
      name: "PaymentChallengeError",
      code: "PAYMENT_CHALLENGE_CHANGED",
    });
    await person.done();
    expect(buyer.signed()).toBe(0);
    expect((await buyer.purchases())[0]).toMatchObject({ status: "failed", hold: "RELEASED" });
  });

  test.each(changes)(
    "[P-X402] [G2] another %s under the key of a call made again: nothing is signed",
    async (_, change) => {
      await using buyer = await openBuyer(market);
      await using seller = await startCrookedSeller(buyer.payTo);
      const pay = buyer.fetch({ wait: false, key: () => "report-10", assets });
      const error = await pay(`${seller.url}/report`).catch((reason) => reason);
      await buyer.treasurer.approve(error.requestId);
      seller.ware.terms = termsFor(buyer.payTo, change);
      await expect(pay(`${seller.url}/report`)).rejects.toMatchObject({
        code: "PAYMENT_CHALLENGE_CHANGED",
        requestId: error.requestId,
      });
      expect(buyer.signed()).toBe(0);
      seller.ware.terms = termsFor(buyer.payTo);
      expect((await pay(`${seller.url}/report`)).status).toBe(200);
      expect(buyer.signed()).toBe(1);
    },
  );

  test("[P-X402] [G4] another scheme cannot be paid at all", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await startCrookedSeller(buyer.payTo);
    const person = whenPending(async ({ requestId }) => {
      seller.ware.terms = termsFor(buyer.payTo, { scheme: "upto" });
      await buyer.treasurer.approve(requestId);
    });
    await expect(buyer.fetch(person)(`${seller.url}/report`)).rejects.toMatchObject({
      code: "PAYMENT_CHALLENGE_UNSUPPORTED",
    });
    expect(buyer.signed()).toBe(0);
  });
});
