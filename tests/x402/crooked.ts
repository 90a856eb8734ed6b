import {
  decodePaymentSignatureHeader,
  encodePaymentRequiredHeader,
  encodePaymentResponseHeader,
} from "@x402/core/http";
import type { PaymentPayload, PaymentRequirements, SettleResponse } from "@x402/core/types";
import { getDefaultAsset } from "@x402/evm";
import express from "express";
import { NETWORK } from "../../examples/x402/market/chain.js";
import { type Listening, listen } from "../../examples/x402/market/listen.js";

/** What a seller asks for who need not be honest; it can be changed while it sells. */
export interface Ware {
  terms: PaymentRequirements;
  /** What it says of itself. */
  claimedUrl: string;
  /** Answers a payment. Default: as if it were settled. */
  answer: (payment: PaymentPayload) => Answer | Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly settlement?: SettleResponse;
  /** Never answers at all. */
  readonly hang?: true;
}

export interface CrookedSeller extends Listening {
  readonly ware: Ware;
  /** The payments it was sent. */
  readonly received: readonly PaymentPayload[];
}

/** Terms as an honest seller would state them: ten cents. */
export function termsFor(
  payTo: string,
  change: Partial<PaymentRequirements> = {},
): PaymentRequirements {
  const { asset, name, version } = getDefaultAsset(NETWORK);
  return {
    scheme: "exact",
    network: NETWORK,
    asset,
    amount: "100000",
    payTo,
    maxTimeoutSeconds: 300,
    extra: { name, version },
    ...change,
  };
}

/** A seller that settles nothing and answers as it is told to. */
export async function startCrookedSeller(
  payTo: string,
  change: Partial<Ware> = {},
): Promise<CrookedSeller> {
  const received: PaymentPayload[] = [];
  const settlement = {
    success: true,
    transaction: `0x${"ab".repeat(32)}`,
    network: NETWORK,
  } as const;
  const ware: Ware = {
    terms: termsFor(payTo),
    claimedUrl: "https://seller.example/report",
    answer: () => ({ status: 200, settlement }),
    ...change,
  };
  const app = express();
  app.get("/elsewhere", (_, response) => response.redirect("/report"));
  app.all("/report", async (request, response) => {
    const header = request.header("payment-signature");
    if (header === undefined) {
      const required = {
        x402Version: 2,
        resource: { url: ware.claimedUrl },
        accepts: [ware.terms],
      };
      response
        .status(402)
        .header("payment-required", encodePaymentRequiredHeader(required))
        .json({});
      return;
    }
    const payment = decodePaymentSignatureHeader(header);
    received.push(payment);
    const answer = await ware.answer(payment);
    if (answer.hang) return;
    if (answer.settlement) {
      response.header("payment-response", encodePaymentResponseHeader(answer.settlement));
    }
    response.status(answer.status).json({ report: "weather" });
  });
  const listening = await listen(app);
  return { ...listening, ware, received };
}
