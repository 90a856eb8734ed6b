import { type ClientParts, loadLate } from "../late.js";
import type { States } from "./options.js";

/** The member of a client, whose code comes with the first call. */
export function loadStates(parts: ClientParts): States {
  return loadLate<States>(["park", "load"], async () =>
    (await import("./index.js")).createStates(parts),
  );
}
