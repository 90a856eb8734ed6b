import type { WireWebhookEvent } from "@holdpoint/protocol";
import type { ServedControlPlane } from "./control-plane.js";
import { addEndpoint, serveHandler } from "./webhooks.js";

/**
 * An operator who hears of each request by webhook, and decides them all alike.
 *
 * @param holdpoint - One that allows webhooks to loopback.
 */
export async function startOperator(
  holdpoint: ServedControlPlane,
  decision: Parameters<ServedControlPlane["decide"]>[1],
): Promise<AsyncDisposable> {
  const app = await serveHandler(async (request) => {
    const { data } = (await request.json()) as WireWebhookEvent;
    if (data.request === undefined) return new Response(null, { status: 400 });
    await holdpoint.decide(data.request.id, decision);
    return new Response(null, { status: 204 });
  });
  await addEndpoint(holdpoint, app.url, ["request.created"]);
  return app;
}
