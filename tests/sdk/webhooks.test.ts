import type { RequestResolvedEvent, WebhookEvent, WebhookHandler } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import { addEndpoint, serveHandler } from "../harness/webhooks.js";

const encryptionKey = Buffer.alloc(32, 5).toString("base64url");
const canary = "canary-7f3a91";

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
