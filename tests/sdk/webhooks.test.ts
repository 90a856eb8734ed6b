import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RequestResolvedEvent, WebhookEvent, WebhookHandler } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";

const encryptionKey = Buffer.alloc(32, 5).toString("base64url");
const canary = "canary-7f3a91";

/** A program of a user's, on a port of its own, with a handler behind Node's server. */
async function serveHandler(handle: WebhookHandler) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    bodies.push(body.toString());
    const headers = request.headers as Record<string, string>;
    const answer = await handle(new Request("http://app", { method: "POST", headers, body }));
    response.writeHead(answer.status).end(await answer.text());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    bodies,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function addEndpoint(holdpoint: ServedControlPlane, url: string, types: string[]) {
  const body = JSON.stringify({ url, event_types: types });
  const made = await holdpoint.operate("/v1/webhook-endpoints", { method: "POST", body });
  return (await made.json()) as { id: string; secret: string };
}

test("[G6] a webhook brings an approval, edited and encrypted, to another process that runs it once", async () => {
  await using holdpoint = await serveControlPlane({ allowLoopbackWebhooks: true });
  const hp = holdpoint.client({ encryptionKey });
  const events: WebhookEvent[] = [];
  let arrive = (_event: RequestResolvedEvent) => {};
  const arrived = new Promise<RequestResolvedEvent>((resolve) => {
    arrive = resolve;
  });
  let handle: WebhookHandler = async () => new Response(null, { status: 503 });
  await using app = await serveHandler((request) => handle(request));
  const { secret } = await addEndpoint(holdpoint, app.url, ["request.approved"]);
  handle = hp.webhooks.handler({
    secret,
    on: (event) => {
      events.push(event);
      if (event.type === "request.approved") arrive(event);
    },
  });

  const { id } = await hp.defer({
    service: "mailer",
    action: "send",
    payload: { to: canary },
    state: { step: 3, note: canary },
  });
  await holdpoint.decide(id, { decision: "approve" });
  const { decision, request, loadState } = await arrived;
  expect(request.id).toBe(id);
  expect(decision).toMatchObject({ approved: true, approvedPayload: { to: canary } });
  expect(await (await loadState())?.json()).toEqual({ step: 3, note: canary });
  if (!decision.approved) throw new Error("Expected an approval.");
  const execution = await hp.executions.claim(decision);
  await hp.executions.commit(execution, { sent: true });
  await expect(hp.executions.claim(decision)).rejects.toMatchObject({ code: "EXECUTION_SETTLED" });
  expect(events).toHaveLength(1);
  expect(app.bodies.join()).not.toContain(canary);
});
