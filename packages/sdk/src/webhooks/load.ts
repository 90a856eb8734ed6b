import { type ClientParts, loadLate } from "../late.js";
import type { Webhooks } from "./options.js";

/** `hp.webhooks`, its code loaded with the first webhook. */
export function loadWebhooks(parts: ClientParts): Webhooks {
  const load = () => import("./index.js");
  return {
    ...loadLate<Pick<Webhooks, "unwrap">>(["unwrap"], async () => {
      const { createUnwrap } = await load();
      return { unwrap: createUnwrap(parts) };
    }),
    handler: (options) => {
      const made = load().then(({ createHandler }) => createHandler(parts, options));
      // Whoever calls the handler is told.
      made.catch(() => {});
      return async (request) => (await made)(request);
    },
  };
}
