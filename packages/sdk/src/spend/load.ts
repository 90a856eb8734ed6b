import { type ClientParts, loadLate } from "../late.js";
import type { Spend } from "./options.js";

/** `hp.spend`, its code loaded with the first call. */
export function loadSpend(parts: ClientParts): Spend {
  return loadLate<Spend>(
    ["purchase", "get", "list", "wait", "confirm", "budget", "policy", "categories", "guard"],
    async () => (await import("./index.js")).createSpend(parts),
  );
}
