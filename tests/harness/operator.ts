import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { WireWebhookEvent } from "@holdpoint/protocol";
import type { ServedControlPlane } from "./control-plane.js";
import { addEndpoint, serveHandler } from "./webhooks.js";

type Decision = Parameters<ServedControlPlane["decide"]>[1];

/**
 * An operator who hears of each request by webhook, and decides them all alike.
 *
 * @param holdpoint - One that allows webhooks to loopback.
 */
export async function startOperator(
  holdpoint: ServedControlPlane,
  decision: Decision,
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

/** An operator who decides where a program's output links to a request, until it ends. */
export async function decideAtLinks(
  holdpoint: ServedControlPlane,
  output: Readable,
  decision: Decision,
): Promise<void> {
  for await (const line of createInterface({ input: output })) {
    const [, id] = /\/requests\/(req_\w+)/.exec(line) ?? [];
    if (id !== undefined) await holdpoint.decide(id, decision);
  }
}
