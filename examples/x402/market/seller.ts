import { HTTPFacilitatorClient } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware, x402ResourceServer } from "@x402/express";
import express from "express";
import { NETWORK } from "./chain.js";
import { type Listening, listen } from "./listen.js";

/** Sells reports: `/reports/<name>` for what `prices` says, for example `{ weather: "$0.10" }`. */
export function startSeller(options: {
  readonly facilitatorUrl: string;
  readonly payTo: string;
  readonly prices: Readonly<Record<string, string>>;
}): Promise<Listening> {
  const { facilitatorUrl, payTo, prices } = options;
  const server = new x402ResourceServer(new HTTPFacilitatorClient({ url: facilitatorUrl }));
  server.register(NETWORK, new ExactEvmScheme());
  const routes = Object.entries(prices).map(([name, price]) => [
    `/reports/${name}`,
    { accepts: { scheme: "exact", network: NETWORK, price, payTo }, description: `${name} report` },
  ]);
  const app = express().use(paymentMiddleware(Object.fromEntries(routes), server));
  app.all("/reports/:name", (request, response) => {
    response.json({ report: request.params.name });
  });
  return listen(app);
}
