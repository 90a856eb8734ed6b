import { x402Facilitator } from "@x402/core/facilitator";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import express from "express";
import { type Chain, NETWORK } from "./chain.js";
import { type Listening, listen } from "./listen.js";

interface Asked {
  readonly paymentPayload: PaymentPayload;
  readonly paymentRequirements: PaymentRequirements;
}

/** Verifies signed payments and puts them on the chain, for sellers who would rather not. */
export function startFacilitator(chain: Chain): Promise<Listening> {
  const facilitator = new x402Facilitator().register(
    NETWORK,
    new ExactEvmScheme(chain.facilitator),
  );
  const app = express().use(express.json());
  app.get("/supported", (_, response) => {
    response.json(facilitator.getSupported());
  });
  app.post("/verify", async ({ body }: { body: Asked }, response) => {
    response.json(await facilitator.verify(body.paymentPayload, body.paymentRequirements));
  });
  app.post("/settle", async ({ body }: { body: Asked }, response) => {
    response.json(await facilitator.settle(body.paymentPayload, body.paymentRequirements));
  });
  return listen(app);
}
