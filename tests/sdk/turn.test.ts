import type { WireList, WireWebhookDelivery } from "@holdpoint/protocol";
import type { Holdpoint, WebhookHandler } from "@holdpoint/sdk";
import { createGate, createResumeHandler, type ParkedTurn, parkTurn } from "@holdpoint/sdk/adapter";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { addEndpoint, type ServedHandler, serveHandler } from "../harness/webhooks.js";

/** How long what is about to happen may take on a busy machine. */
const SOON = { timeout: 20_000 };
const SEND = { tool: "send", args: { to: "Ada" }, toolCallId: "call_1" };
const WIPE = { tool: "wipe", args: { disk: "sda" }, toolCallId: "call_2" };
const data = { conversation: ["canary-1f2e"] };

let plane: ServedControlPlane;
let app: ServedHandler;
let secret: string;
let handle: WebhookHandler;
let errors: unknown[];
beforeEach(async () => {
  errors = [];
  plane = await serveControlPlane({ allowLoopbackWebhooks: true });
  handle = async () => new Response(null, { status: 503 });
  app = await serveHandler((request) => handle(request));
  ({ secret } = await addEndpoint(plane, app.url, ["request.approved", "request.rejected"]));
});
afterEach(async () => {
  await plane[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

function createTestGate(holdpoint: Holdpoint = plane.client()) {
  return createGate({ service: "mailer", holdpoint, runId: "r1" });
}

/** A handler that lists the turns it was given. */
function listen(resume: (turn: ParkedTurn<unknown>) => unknown = () => {}) {
  const turns: ParkedTurn<unknown>[] = [];
  handle = createResumeHandler(createTestGate(), {
    adapter: "test",
    secret,
    onError: (error) => errors.push(error),
    resume: (turn) => {
      turns.push(turn);
      return resume(turn);
    },
  });
  return turns;
}

test("a turn of two calls is resumed once, when the second is answered", async () => {
  const turns = listen();
  const [send, wipe] = await parkTurn(createTestGate(), {
    adapter: "test",
    calls: [SEND, WIPE],
    data,
  });
  await plane.decide(send?.id as string, { decision: "approve" });
  await expect.poll(() => app.bodies.length, SOON).toBe(1);
  expect(turns).toEqual([]);
  await plane.decide(wipe?.id as string, { decision: "reject" });
  await expect.poll(() => turns.length, SOON).toBe(1);
  expect(turns).toEqual([{ adapter: "test", calls: [SEND, WIPE], data }]);
});

test("both answered at one moment: resumed once all the same", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const turns = listen(() => released);
  const held = await parkTurn(createTestGate(), { adapter: "test", calls: [SEND, WIPE], data });
  await Promise.all(held.map(({ id }) => plane.decide(id, { decision: "approve" })));
  // The second is told that the first is at it, and comes again by itself.
  await expect.poll(() => errors.length, SOON).toBe(1);
  release();
  await expect.poll(listDelivered, SOON).toHaveLength(2);
  expect(turns).toHaveLength(1);
});

async function listDelivered() {
  const response = await plane.operate("/v1/webhook-deliveries");
  const { data } = (await response.json()) as WireList<WireWebhookDelivery>;
  return data.filter(({ status }) => status === "DELIVERED");
}

test("the process died between two questions: the second is put when the first is answered", async () => {
  const turns = listen();
  const gate = createTestGate();
  const state = { adapter: "test", calls: [SEND, WIPE], data };
  const { id } = await gate.hold(SEND, { state });
  await plane.decide(id, { decision: "approve" });
  const pending = async () => (await gate.holdpoint.requests.list({ status: "PENDING" })).data;
  await expect.poll(async () => (await pending()).length, SOON).toBe(1);
  const [wipe] = await pending();
  expect(wipe).toMatchObject({ action: "wipe" });
  expect(turns).toEqual([]);
  await plane.decide(wipe?.id as string, { decision: "approve" });
  await expect.poll(() => turns.length, SOON).toBe(1);
});

test("a resume that throws is tried again with the redelivery", async () => {
  let failures = 1;
  const turns = listen(() => {
    failures -= 1;
    if (failures >= 0) throw new Error("The model is away.");
  });
  const [held] = await parkTurn(createTestGate(), { adapter: "test", calls: [SEND], data });
  await plane.decide(held?.id as string, { decision: "approve" });
  await expect.poll(() => turns.length, SOON).toBe(2);
});

test("other adapters' turns, other states and requests without one are left alone", async () => {
  const turns = listen();
  const hp = plane.client();
  await parkTurn(createTestGate(), { adapter: "another", calls: [SEND], data });
  await hp.defer({ service: "mailer", action: "send", payload: 1, state: { calls: [] } });
  await hp.defer({ service: "mailer", action: "send", payload: 2, state: new Uint8Array([1, 2]) });
  await hp.defer({ service: "mailer", action: "send", payload: 3 });
  const { data: pending } = await hp.requests.list({ status: "PENDING" });
  expect(pending).toHaveLength(4);
  for (const { id } of pending) await plane.decide(id, { decision: "approve" });
  await expect.poll(() => app.bodies.length, SOON).toBe(4);
  expect(turns).toEqual([]);
});

test("[G6] with a key, what is parked is ciphertext to the control plane", async () => {
  const encryptionKey = Buffer.alloc(32, 5).toString("base64url");
  const gate = createTestGate(plane.client({ encryptionKey }));
  const secretCall = { ...SEND, args: { to: "canary-1f2e" } };
  const [held] = await parkTurn(gate, { adapter: "test", calls: [secretCall], data });
  await plane.decide(held?.id as string, { decision: "approve" });
  await expect.poll(() => app.bodies.length, SOON).toBe(1);
  expect([...app.bodies, ...plane.log].join()).not.toContain("canary-1f2e");
});
