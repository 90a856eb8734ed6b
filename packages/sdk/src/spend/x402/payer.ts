import type { ClientParts } from "../../late.js";
import { KNOWN_ASSETS, type PaymentAsset } from "./assets.js";
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
  const http = await loadPaymentHttp(client);
  fence(client);
  // The caller's come first: who knows better may say what a known address counts as.
  return { parts, fetch, options, client, http, assets: [...assets, ...KNOWN_ASSETS] };
}
