import { NotPaidError, OutcomeUnknownError, PurchaseRejectedError } from "@holdpoint/sdk";
import { x402Facilitator } from "@x402/core/facilitator";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NETWORK } from "../../examples/x402/market/chain.js";
import { startChild } from "../harness/child.js";
import { type Answer, startCrookedSeller } from "./crooked.js";
import { type Market, openBuyer, openMarket, waveThrough } from "./world.js";

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market[Symbol.asyncDispose]());

const transaction = `0x${"cd".repeat(32)}`;
const refused = {
  success: false,
  errorReason: "insufficient_funds",
  transaction: "",
  network: NETWORK,
} as const;

describe("nobody can say whether it was paid", () => {
  const answers: readonly [string, Answer][] = [
    ["a report without a settlement", { status: 200 }],
    ["a failure of the seller", { status: 500 }],
    ["a refusal", { status: 402 }],
    ["a settlement that failed", { status: 402, settlement: refused }],
    [
      "a settlement that failed on the chain",
      { status: 402, settlement: { ...refused, transaction } },
    ],
    [
      "a settlement without a transaction",
      { status: 200, settlement: { ...refused, success: true } },
    ],
    ["a redirect", { status: 307 }],
  ];

  test.each(answers)("[P-X402] [P-SPEND-UNKNOWN] %s: the money stays held", async (_, answer) => {
    await using buyer = await openBuyer(market);
    await using seller = await startCrookedSeller(buyer.payTo, { answer: () => answer });
    await buyer.treasurer.setPolicy(waveThrough);
    const pay = buyer.fetch({ key: () => "report-1" });
    await expect(pay(`${seller.url}/report`)).rejects.toBeInstanceOf(OutcomeUnknownError);
    await expect(pay(`${seller.url}/report`)).rejects.toBeInstanceOf(OutcomeUnknownError);
    expect([buyer.signed(), seller.received.length]).toEqual([1, 1]);
    expect((await buyer.purchases())[0]).toMatchObject({ status: "auto_approved", hold: "HELD" });
  });

  test("[P-X402] [P-SPEND-UNKNOWN] aborted after it was sent: an abort is no refund", async () => {
    const controller = new AbortController();
    await using buyer = await openBuyer(market);
    await using seller = await startCrookedSeller(buyer.payTo, {
      answer: () => {
        controller.abort();
        return { status: 200, hang: true };
      },
    });
    await buyer.treasurer.setPolicy(waveThrough);
    const call = buyer.fetch()(`${seller.url}/report`, { signal: controller.signal });
    await expect(call).rejects.toBeInstanceOf(OutcomeUnknownError);
    expect((await buyer.purchases())[0]).toMatchObject({ hold: "HELD" });
  });

  test("[P-X402] [P-SPEND-UNKNOWN] [G2] killed between the signature and the settlement", async () => {
    await using buyer = await openBuyer(market);
    await buyer.treasurer.setPolicy(waveThrough);
    let killed = () => {};
    await using seller = await startCrookedSeller(buyer.payTo, {
      answer: () => {
        killed();
        return { status: 200, hang: true };
      },
    });
    const { holdpoint, privateKey } = buyer;
    const environment = {
      HOLDPOINT_URL: holdpoint.url,
      HOLDPOINT_API_KEY: holdpoint.apiKey,
      PRIVATE_KEY: privateKey,
    };
    const start = () => startChild("x402/buyer.program.ts", environment, [`${seller.url}/report`]);
    await using first = start();
    killed = () => first.process.kill("SIGKILL");
    expect(await first.ended).toBe("SIGKILL");
    await using second = start();
    expect(await second.nextLine()).toBe("OUTCOME_UNKNOWN");
    expect(seller.received).toHaveLength(1);
    expect((await buyer.purchases())[0]).toMatchObject({ status: "auto_approved", hold: "HELD" });
  });
});

describe("a seller that lies", () => {
  test("[P-X402] [G8] about the amount: what was signed for is what was spent", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await startCrookedSeller(buyer.payTo, {
      answer: () => ({
        status: 200,
        settlement: { success: true, transaction, network: NETWORK, amount: "1" },
      }),
    });
    await buyer.treasurer.setPolicy({ ...waveThrough, daily_limit: "0.10" });
    expect((await buyer.fetch()(`${seller.url}/report`)).status).toBe(200);
    expect((await buyer.purchases())[0]).toMatchObject({
      actual_amount: { amount_minor: 100_000 },
    });
    await expect(buyer.fetch()(`${seller.url}/report`)).rejects.toBeInstanceOf(
      PurchaseRejectedError,
    );
  });

  test("[P-X402] [G8] refuses, and cashes the signature later: the limit holds", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await startCrookedSeller(buyer.payTo, { answer: () => ({ status: 402 }) });
    await buyer.treasurer.setPolicy({ ...waveThrough, daily_limit: "0.10" });
    await expect(buyer.fetch()(`${seller.url}/report`)).rejects.toBeInstanceOf(OutcomeUnknownError);
    await expect(buyer.fetch()(`${seller.url}/report`)).rejects.toBeInstanceOf(
      PurchaseRejectedError,
    );
    const facilitator = new x402Facilitator().register(
      NETWORK,
      new ExactEvmScheme(market.chain.facilitator),
    );
    for (const payment of seller.received) {
      expect(await facilitator.settle(payment, payment.accepted)).toMatchObject({ success: true });
    }
    expect(await buyer.paid()).toBe(100_000n);
  });
});

describe("where a seller's word is taken", () => {
  test("[P-X402] a refusal gives the money back, and the key is used up", async () => {
    await using buyer = await openBuyer(market);
    await using seller = await startCrookedSeller(buyer.payTo, {
      answer: () => ({ status: 402, settlement: refused }),
    });
    await buyer.treasurer.setPolicy(waveThrough);
    const pay = buyer.fetch({ releaseOnRefusal: true, key: () => "report-2" });
    await expect(pay(`${seller.url}/report`)).rejects.toBeInstanceOf(NotPaidError);
    expect((await buyer.purchases())[0]).toMatchObject({ status: "failed", hold: "RELEASED" });
    await expect(pay(`${seller.url}/report`)).rejects.toMatchObject({ code: "EXECUTION_FAILED" });
    expect(buyer.signed()).toBe(1);
  });

  test("[P-X402] [P-SPEND-UNKNOWN] one that names a transaction is not taken", async () => {
    await using buyer = await openBuyer(market);
    const settlement = { ...refused, transaction };
    await using seller = await startCrookedSeller(buyer.payTo, {
      answer: () => ({ status: 402, settlement }),
    });
    await buyer.treasurer.setPolicy(waveThrough);
    const pay = buyer.fetch({ releaseOnRefusal: true });
    await expect(pay(`${seller.url}/report`)).rejects.toBeInstanceOf(OutcomeUnknownError);
    expect((await buyer.purchases())[0]).toMatchObject({ hold: "HELD" });
  });
});
