import { type ClientParts, loadLate } from "../../late.js";
import type { Escrows } from "./options.js";

/** `hp.spend.escrow`, its code loaded with the first call. */
export function loadEscrows(parts: ClientParts): Escrows {
  return loadLate<Escrows>(
    ["createKey", "register", "open", "fulfil", "release", "dispute", "get", "list", "verify"],
    async () => (await import("./index.js")).createEscrows(parts),
  );
}
