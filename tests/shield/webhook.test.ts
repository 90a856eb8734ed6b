import type { WebhookEvent, WebhookHandler } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import { allowChanges, enforce, jump, lockBaseline } from "../harness/shield.js";
import { addEndpoint, serveHandler } from "../harness/webhooks.js";

const SOON = { timeout: 30_000 };

test("[P-SHIELD-EXPLAINS] [P-WEBHOOKS] an anomaly is told by webhook, with its verdict; what is usual is not", async () => {
  await using holdpoint = await serveControlPlane({ allowLoopbackWebhooks: true });
  const hp = holdpoint.client();
  const events: WebhookEvent[] = [];
  let handle: WebhookHandler = async () => new Response(null, { status: 503 });
  await using app = await serveHandler((request) => handle(request));
  const { secret } = await addEndpoint(holdpoint, app.url, ["shield.anomaly"]);
  handle = hp.webhooks.handler({ secret, on: (event) => void events.push(event) });

  await allowChanges(holdpoint);
  await lockBaseline(holdpoint, hp);
  await enforce(holdpoint);
  const usual = { service: "deploy", runId: "usual", action: "read_logs" };
  await hp.defer({ ...usual, payload: { lines: 200 } });
  const id = await jump(hp, "jump");
  await expect.poll(() => events.length, SOON).toBe(1);
  expect(events).toMatchObject([
    { type: "shield.anomaly", actor: { type: "system", id: "shield" }, request: { id } },
  ]);
  const [body] = app.bodies.map((text) => JSON.parse(text));
  expect(body.data.request.shield).toMatchObject({
    effect: "held",
    explanation: expect.stringContaining("apply has never been seen"),
  });
});
