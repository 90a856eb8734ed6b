import { type ClientParts, loadLate } from "../late.js";
import { loadEscrows } from "./escrow/load.js";
import type { Spend } from "./options.js";
import type { LateSpend } from "./spend.js";
import { wrapFetch } from "./x402/wrap.js";

/** `hp.spend`, its code loaded with the first call. */
export function loadSpend(parts: ClientParts): Spend {
  const late = loadLate<LateSpend>(
    ["purchase", "get", "list", "wait", "confirm", "budget", "policy", "categories", "guard"],
    async () => (await import("./index.js")).createSpend(parts),
  );
  return {
    ...late,
    escrow: loadEscrows(parts),
    x402Fetch: (fetch, options) => wrapFetch(parts, fetch, options),
  };
}
