import { currencyDecimals } from "@holdpoint/protocol/spend/core";
import { invalidInput } from "../../core.js";
import type { ClientParts } from "../../late.js";
import { KNOWN_ASSETS, type PaymentAsset, STABLECOIN_DECIMALS } from "./assets.js";
import type { PaymentClient } from "./client.js";
import { fence } from "./fence.js";
import { loadPaymentHttp, type PaymentHttp } from "./load.js";
import type { X402FetchOptions } from "./options.js";

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
  for (const asset of assets) requireAsset(asset);
  const http = await loadPaymentHttp(client);
  fence(client);
  // The caller's come first: who knows better may say what a known address counts as.
  return { parts, fetch, options, client, http, assets: [...assets, ...KNOWN_ASSETS] };
}

function requireAsset({ currency, decimals = STABLECOIN_DECIMALS }: PaymentAsset): void {
  const isStablecoin = currencyDecimals(currency) === STABLECOIN_DECIMALS;
  const isBounded = Number.isInteger(decimals) && decimals >= 0 && decimals <= 77;
  if (isStablecoin && isBounded) return;
  throw invalidInput(
    "assets",
    "tokens of 0 to 77 decimals that count as a stablecoin, such as USDC",
  );
}
