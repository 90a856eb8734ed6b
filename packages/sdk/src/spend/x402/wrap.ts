import type { ClientParts } from "../../late.js";
import type { X402FetchOptions } from "./options.js";
import type { Payer } from "./payer.js";

/** A fetch that pays. What pays is loaded with its first call. */
export function wrapFetch(
  parts: ClientParts,
  fetch: typeof globalThis.fetch,
  options: X402FetchOptions,
): typeof globalThis.fetch {
  let payer: Promise<Payer> | undefined;
  return async (input, init) => {
    const request = new Request(input, init);
    const { createPayer, fetchAndPay } = await import("./index.js");
    payer ??= createPayer(parts, fetch, options).catch((error: unknown) => {
      payer = undefined;
      throw error;
    });
    return fetchAndPay(await payer, request);
  };
}
