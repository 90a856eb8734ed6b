import type { ClientParts } from "../late.js";
import type { Webhooks } from "./options.js";

/** `hp.webhooks`, its code loaded with the first webhook. */
export function loadWebhooks(parts: ClientParts): Webhooks {
  const load = () => import("./index.js");
  return {
    unwrap: async (...input) => (await load()).createUnwrap(parts)(...input),
    handler: (options) => {
      const made = load().then(({ createHandler }) => createHandler(parts, options));
      // Whoever calls the handler is told.
      made.catch(() => {});
      return async (request) => (await made)(request);
    },
  };
}
