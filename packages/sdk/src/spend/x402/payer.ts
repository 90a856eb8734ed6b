import { currencyDecimals } from "@holdpoint/protocol/spend/core";
import { invalidInput } from "../../core.js";
import type { ClientParts } from "../../late.js";
import { KNOWN_ASSETS, type PaymentAsset } from "./assets.js";
import type { PaymentClient } from "./client.js";
import { fence } from "./fence.js";
import { loadPaymentHttp, type PaymentHttp } from "./load.js";
import type { X402FetchOptions } from "./options.js";

/** Of the stablecoins, and of no other currency. */
const TOKEN_DECIMALS = 6;

/** Whoever pays: what the calls of one wrapped fetch share. */
export interface Payer {
  readonly parts: ClientParts;
  readonly fetch: typeof globalThis.fetch;
  readonly options: X402FetchOptions;
  readonly client: PaymentClient;
  readonly http: PaymentHttp;
  readonly assets: readonly PaymentAsset[];
}

export async function createPayer(
  parts: ClientParts,
  fetch: typeof globalThis.fetch,
  options: X402FetchOptions,
): Promise<Payer> {
  const { client, assets = [] } = options;
  for (const { currency } of assets) requireStablecoin(currency);
  const http = await loadPaymentHttp(client);
  fence(client);
  // The caller's come first: who knows better may say what a known address counts as.
  return { parts, fetch, options, client, http, assets: [...assets, ...KNOWN_ASSETS] };
}

/** Any other has other decimals than its token. */
function requireStablecoin(currency: unknown): void {
  if (typeof currency === "string" && currencyDecimals(currency) === TOKEN_DECIMALS) return;
  throw invalidInput("assets", "tokens that count as a stablecoin, for example USDC");
}
