import { http, type RequestHandler } from "msw";
import type { TestControlPlane } from "./control-plane.js";

/**
 * Handlers that answer whatever an agent sends to `url` from the control plane in this process.
 * For agents that make their own client and use the global `fetch`.
 *
 * @param options.url - Default: the control plane's own `url`.
 */
export function holdpointHandlers(
  controlPlane: Pick<TestControlPlane, "fetch" | "url">,
  options: { readonly url?: string } = {},
): RequestHandler[] {
  const from = (options.url ?? controlPlane.url).replace(/\/+$/, "");
  return [
    http.all(`${from}/*`, async ({ request }) => {
      const target = `${controlPlane.url}${request.url.slice(from.length)}`;
      const body = /^(GET|HEAD)$/.test(request.method) ? null : await request.arrayBuffer();
      const { method, headers, signal } = request;
      return controlPlane.fetch(target, { method, headers, signal, body });
    }),
  ];
}
