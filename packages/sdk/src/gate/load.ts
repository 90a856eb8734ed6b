import { type ClientParts, loadLate } from "../late.js";
import type { Authorizer } from "../transport/authorizer.js";
import type { Gate } from "./options.js";

/** `hp.gate`, its code loaded with the first call. */
export function loadGate(parts: ClientParts): Gate {
  return loadLate<Gate>(
    ["connect", "execute", "approval", "receipt", "egress", "actions", "close"],
    async () => (await import("./index.js")).createGate(parts),
  );
}

/** Calls of an agent with a key of its own go out with its lease. Its code is loaded with the first. */
export function leaseHolder(parts: () => ClientParts): Authorizer {
  return loadLate<Authorizer>(["authorize"], async () => {
    const { session } = (await import("./index.js")).connectionOf(parts());
    return { authorize: (outgoing) => session.authorize(outgoing) };
  });
}
