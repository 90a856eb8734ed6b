import { randomBytes } from "node:crypto";
import type { WireWebhookDelivery } from "@holdpoint/protocol";
import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { codeOf, World } from "../routes/testing/world.js";
import { Receiver } from "./testing/receiver.js";

const HOUR_MS = 3_600_000;
vi.setConfig({ testTimeout: 30_000 });

let world: World;
let receiver: Receiver;
beforeEach(async () => {
  world = await World.create();
  receiver = await Receiver.start();
});
afterEach(async () => {
  await receiver.stop();
  await world.controlPlane.close();
});

async function addEndpoint(fields: object = {}) {
  const body = { url: receiver.url, ...fields };
  const reply = await world.call("POST", "/v1/webhook-endpoints", { as: "admin", body });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body as { id: string; secret: string };
}

async function deliveries(query = ""): Promise<WireWebhookDelivery[]> {
  const path = `/v1/webhook-deliveries${query}`;
  return (await world.call("GET", path, { as: "admin" })).body.data;
}

/** Real servers answer when they do; how long that takes on a busy machine says nothing. */
function eventually<Result>(look: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(look, { timeout: 20_000, interval: 5 });
}

/** The delivery of the newest event, once `condition` holds of it. */
async function deliveryWhen(
  condition: (delivery: WireWebhookDelivery) => boolean,
): Promise<WireWebhookDelivery> {
  return eventually(async () => {
    const [delivery] = await deliveries();
    if (delivery === undefined || !condition(delivery)) throw new Error("not yet");
    return delivery;
  });
}

const isDelivered = ({ status }: WireWebhookDelivery) => status === "DELIVERED";
/** An attempt is over, and the next one is planned. */
const failedTimes = (count: number) => (delivery: WireWebhookDelivery) =>
  delivery.attempts === count &&
  (delivery.last_status !== undefined || delivery.last_error !== undefined) &&
  (delivery.status === "DEAD" || !isLeased(delivery));
const isLeased = ({ last_attempt_at = "", next_attempt_at = "" }: WireWebhookDelivery) =>
  Date.parse(next_attempt_at) - Date.parse(last_attempt_at) === 60_000;

/** Turns the clock to the next attempt and lets it happen. */
async function passToNextAttempt(delivery: WireWebhookDelivery): Promise<void> {
  const { endpoint_id, next_attempt_at = "" } = delivery;
  const calls = receiver.calls.length;
  world.clock.advance(Date.parse(next_attempt_at) - world.clock.now());
  await wake(endpoint_id);
  await eventually(() => expect(receiver.calls.length).toBeGreaterThan(calls));
}

/** Makes the worker look, whether or not it had set its timer before the clock was turned. */
async function wake(endpointId: string): Promise<void> {
  await world.call("PATCH", `/v1/webhook-endpoints/${endpointId}`, { as: "admin", body: {} });
}

describe("an event", () => {
  it("[P-WEBHOOKS] arrives, signed as Standard Webhooks, for both libraries", async () => {
    const { secret } = await addEndpoint();
    const request = await world.ask();
    const { body, headers, event } = await receiver.next();
    expect(new Webhook(secret).verify(body, headers)).toEqual(event);
    expect(new SvixWebhook(secret).verify(body, headers)).toEqual(event);
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
    expect(event).toMatchObject({
      type: "request.created",
      timestamp: request.created_at,
      data: {
        event: { id: headers["webhook-id"], request_id: request.id, actor: { type: "agent" } },
        request: { id: request.id, payload: request.payload },
      },
    });
    expect(await deliveryWhen(isDelivered)).toMatchObject({
      event_id: headers["webhook-id"],
      request_id: request.id,
      attempts: 1,
      last_status: 204,
    });
  });

  it("of each kind tells how the request stands", async () => {
    await addEndpoint();
    const { id } = await world.ask();
    await world.decide(id, { decision: "approve", revision: 1, reason: "Fine." });
    const other = await world.ask();
    await world.decide(other.id, { decision: "reject", revision: 1 });
    const third = await world.ask({ timeout_ms: 1_000 });
    world.clock.advance(1_000);
    await world.call("GET", `/v1/requests/${third.id}`, { as: "admin" });
    await eventually(() => expect(receiver.calls).toHaveLength(6));
    const told = receiver.calls.map(({ event }) => [
      event.type,
      event.data.request.id,
      event.data.request.status,
    ]);
    expect(told).toContainEqual(["request.approved", id, "APPROVED"]);
    expect(told).toContainEqual(["request.rejected", other.id, "REJECTED"]);
    expect(told).toContainEqual(["request.expired", third.id, "EXPIRED"]);
    const approved = receiver.calls.find(({ event }) => event.type === "request.approved");
    expect(approved?.event.data).toMatchObject({
      event: { reason: "Fine." },
      request: { reason: "Fine.", grant: { approved_digest: expect.any(String) } },
    });
  });

  it("of money tells of the purchase, as it stands", async () => {
    await addEndpoint({ event_types: ["purchase.reserved", "request.approved"] });
    const { id } = await world.buyApproved();
    await eventually(() => expect(receiver.calls).toHaveLength(2));
    const reserved = receiver.calls.find(({ event }) => event.type === "purchase.reserved");
    expect(reserved?.event.data).toMatchObject({
      event: { purchase: { amount_minor: 1250, currency: "EUR", payee: "hosting.example" } },
      request: { id, service: "spend" },
      purchase: { id, amount: { amount_minor: 1250, currency: "EUR" }, hold: "HELD" },
    });
    const approved = receiver.calls.find(({ event }) => event.type === "request.approved");
    expect(approved?.event.data).toMatchObject({ purchase: { id, status: "approved" } });
  });

  it("tells of the run, with what it returned", async () => {
    await addEndpoint({ event_types: ["execution.committed"] });
    const { id } = await world.ask();
    const { body: approved } = await world.decide(id, { decision: "approve", revision: 1 });
    const claim = {
      id: typeidUnboxed("exe"),
      grant_id: approved.grant.id,
      approved_digest: approved.grant.approved_digest,
    };
    const path = `/v1/requests/${id}/executions`;
    await world.call("POST", path, { as: "agent", body: claim });
    const commit = { fencing_token: 1, result: { rows: 3 } };
    const settled = `/v1/executions/${claim.id}/commit`;
    await world.call("POST", settled, { as: "agent", body: commit });
    const { event } = await receiver.next();
    expect(event).toMatchObject({
      type: "execution.committed",
      data: {
        event: { execution: { id: claim.id, fencing_token: 1 } },
        request: { id, execution: { status: "COMMITTED", id: claim.id } },
        execution: { id: claim.id, status: "COMMITTED", result: { rows: 3 } },
      },
    });
    expect(receiver.calls).toHaveLength(1);
  });

  it("goes to those endpoints of its project that want it, and are enabled", async () => {
    await addEndpoint({ url: `${receiver.url}/all` });
    await addEndpoint({ url: `${receiver.url}/created`, event_types: ["request.created"] });
    await addEndpoint({ url: `${receiver.url}/rejected`, event_types: ["request.rejected"] });
    await addEndpoint({ url: `${receiver.url}/off`, enabled: false });
    const removed = await addEndpoint({ url: `${receiver.url}/gone` });
    await world.call("DELETE", `/v1/webhook-endpoints/${removed.id}`, { as: "admin" });
    const abroad = { url: `${receiver.url}/abroad` };
    await world.call("POST", "/v1/webhook-endpoints", { as: "foreignAdmin", body: abroad });
    await world.ask();
    await eventually(() => expect(receiver.calls).toHaveLength(2));
    expect(receiver.calls.map(({ path }) => path).sort()).toEqual([
      "/holdpoint/all",
      "/holdpoint/created",
    ]);
    expect(await deliveries()).toHaveLength(2);
  });

  it("that is encrypted stays so: nothing of it is in the body, the database or the log", async () => {
    await addEndpoint();
    const id = typeidUnboxed("req");
    const key = await importEnvelopeKey(randomBytes(32).toString("base64url"));
    const seal = (field: "payload" | "patch") =>
      sealEnvelope(
        { iban: "canary-5f1c9e" },
        { projectId: world.projectId, requestId: id, field },
        key,
      );
    await world.ask({ id, encrypted: true, payload: await seal("payload") });
    const patched_payload = await seal("patch");
    await world.decide(id, { decision: "approve", revision: 1, patched_payload });
    await eventually(() => expect(receiver.calls).toHaveLength(2));
    const approved = receiver.calls.find(({ event }) => event.type === "request.approved");
    expect(approved?.event.data.request).toMatchObject({ encrypted: true, patched_payload });
    expect(JSON.stringify(receiver.calls)).not.toContain("canary");
    expect(world.logLines.join()).not.toContain("canary");
  });
});

describe("[P-WEBHOOKS] a receiver that is down", () => {
  it("for hours loses nothing, and is tried again at the times of the schedule", async () => {
    const { port } = receiver;
    await addEndpoint();
    await receiver.stop();
    const asked: string[] = [];
    for (let count = 0; count < 5; count += 1) asked.push((await world.ask()).id);
    const waits: number[] = [];
    let delivery = await deliveryWhen(failedTimes(1));
    while (delivery.attempts < 6) {
      const { attempts, next_attempt_at = "", last_attempt_at = "" } = delivery;
      expect(delivery).toMatchObject({ status: "PENDING", last_error: "connection_refused" });
      waits.push(Date.parse(next_attempt_at) - Date.parse(last_attempt_at));
      const due = (await deliveries()).map((each) => Date.parse(each.next_attempt_at ?? ""));
      world.clock.advance(Math.max(...due) - world.clock.now());
      await wake(delivery.endpoint_id);
      await eventually(async () => {
        const all = await deliveries();
        expect(all.filter(failedTimes(attempts + 1))).toHaveLength(5);
      });
      delivery = (await deliveries())[0] as WireWebhookDelivery;
    }
    [5_000, 30_000, 120_000, 900_000, HOUR_MS].forEach((wait, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(wait);
      expect(waits[index]).toBeLessThanOrEqual(wait * 1.1 + 1);
    });
    await using back = await Receiver.start(port);
    world.clock.advance(4 * HOUR_MS);
    await wake(delivery.endpoint_id);
    await eventually(() => expect(back.calls).toHaveLength(5));
    const arrived = back.calls.map(({ event }) => event.data.request.id);
    expect(arrived.sort()).toEqual(asked.sort());
    await deliveryWhen(isDelivered);
  });

  it.each<[string, (receiver: Receiver) => void, object]>([
    ["500", (it) => (it.answer = (to) => to.writeHead(500).end()), { last_status: 500 }],
    ["404", (it) => (it.answer = (to) => to.writeHead(404).end()), { last_status: 404 }],
    [
      "a redirect",
      (it) => (it.answer = (to) => to.writeHead(302, { location: "/elsewhere" }).end()),
      { last_status: 302 },
    ],
    ["a reset", (it) => (it.answer = (to) => to.destroy()), { last_error: "connection_reset" }],
  ])("answering with %s is tried again", async (_name, misbehave, expected) => {
    await addEndpoint();
    misbehave(receiver);
    await world.ask();
    const failed = await deliveryWhen(failedTimes(1));
    expect(failed).toMatchObject({ status: "PENDING", attempts: 1, ...expected });
    receiver.answer = (response) => response.end();
    await passToNextAttempt(failed);
    expect(await deliveryWhen(isDelivered)).toMatchObject({ attempts: 2, last_status: 200 });
    expect(new Set(receiver.ids).size).toBe(1);
    expect(receiver.calls.map(({ path }) => path)).not.toContain("/elsewhere");
  });

  it("is tried again by the clock alone", async () => {
    await addEndpoint();
    receiver.answer = (response) => response.destroy();
    await world.ask();
    await deliveryWhen(failedTimes(1));
    receiver.answer = (response) => response.end();
    await eventually(() => {
      world.clock.advance(1_000);
      expect(receiver.calls).toHaveLength(2);
    });
  });

  it("and asks for more time is given it", async () => {
    await addEndpoint();
    receiver.answer = (response) => response.writeHead(503, { "retry-after": "3600" }).end();
    await world.ask();
    const { next_attempt_at, last_attempt_at = "" } = await deliveryWhen(failedTimes(1));
    const expected = new Date(Date.parse(last_attempt_at) + HOUR_MS).toISOString();
    expect(next_attempt_at).toBe(expected);
  });

  it("does not hold up the others", async () => {
    await using slow = await Receiver.start();
    slow.answer = () => {};
    await addEndpoint({ url: slow.url });
    await addEndpoint();
    await Promise.all(Array.from({ length: 40 }, () => world.ask()));
    await eventually(() => expect(receiver.calls).toHaveLength(40));
    expect(slow.calls.length).toBeLessThanOrEqual(8);
    await slow.stop();
  });
});

describe("[P-WEBHOOKS] a webhook that nobody took", () => {
  async function die(): Promise<WireWebhookDelivery> {
    receiver.answer = (response) => response.writeHead(500).end();
    await world.ask();
    let delivery = await deliveryWhen(failedTimes(1));
    while (delivery.status === "PENDING") {
      await passToNextAttempt(delivery);
      delivery = await deliveryWhen(failedTimes(delivery.attempts + 1));
    }
    return delivery;
  }

  it("is dead after about three days, and can be sent again, as the same event", async () => {
    await addEndpoint({ event_types: ["request.created"] });
    const startedAt = world.clock.now();
    const dead = await die();
    expect(dead).toMatchObject({ status: "DEAD", attempts: 11, last_status: 500 });
    expect(dead).not.toHaveProperty("next_attempt_at");
    const tookMs = world.clock.now() - startedAt;
    expect(tookMs).toBeGreaterThan(68 * HOUR_MS);
    expect(tookMs).toBeLessThan(80 * HOUR_MS);
    world.clock.advance(24 * HOUR_MS);
    expect(await deliveries("?status=DEAD")).toEqual([dead]);
    expect(receiver.calls).toHaveLength(11);

    receiver.answer = (response) => response.end();
    const path = `/v1/webhook-deliveries/${dead.id}/replay`;
    const replayed = await world.call("POST", path, { as: "admin" });
    expect(replayed.body).toMatchObject({ id: dead.id, status: "PENDING", attempts: 0 });
    expect(await deliveryWhen(isDelivered)).toMatchObject({ id: dead.id, attempts: 1 });
    expect(new Set(receiver.ids)).toEqual(new Set([dead.event_id]));
  });

  it("because its receiver is gone (410) disables the endpoint", async () => {
    const { id } = await addEndpoint();
    receiver.answer = (response) => response.writeHead(410).end();
    await world.ask();
    const dead = await deliveryWhen(({ status }) => status === "DEAD");
    expect(dead).toMatchObject({ attempts: 1, last_status: 410 });
    const { body: list } = await world.call("GET", "/v1/webhook-endpoints", { as: "admin" });
    expect(list.data).toMatchObject([{ id, enabled: false }]);
    await world.ask();
    expect(await deliveries()).toHaveLength(1);
    const replay = `/v1/webhook-deliveries/${dead.id}/replay`;
    expect(codeOf(await world.call("POST", replay, { as: "admin" }))).toBe("RESOURCE_CONFLICT");
    const test = `/v1/webhook-endpoints/${id}/test`;
    expect(codeOf(await world.call("POST", test, { as: "admin" }))).toBe("RESOURCE_CONFLICT");
  });

  it("because its endpoint was deleted is dead at once", async () => {
    const { id } = await addEndpoint();
    receiver.answer = (response) => response.writeHead(500).end();
    await world.ask();
    await deliveryWhen(failedTimes(1));
    await world.call("DELETE", `/v1/webhook-endpoints/${id}`, { as: "admin" });
    const [dead] = await deliveries();
    expect(dead).toMatchObject({ status: "DEAD", last_error: "endpoint_deleted" });
  });
});

describe("an endpoint", () => {
  it("shows its secret once, and then only its end", async () => {
    const { id, secret } = await addEndpoint({ description: "Ledger" });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { body } = await world.call("GET", "/v1/webhook-endpoints", { as: "viewer" });
    expect(body.data).toMatchObject([{ id, description: "Ledger", secrets: [{}] }]);
    const [{ hint }] = body.data[0].secrets;
    expect(secret.replace("=", "").endsWith(hint.slice(1))).toBe(true);
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it("that is rotated signs with both secrets for 24 hours, then with the new one", async () => {
    const { id, secret: old } = await addEndpoint();
    const path = `/v1/webhook-endpoints/${id}/rotate-secret`;
    const { body: rotated } = await world.call("POST", path, { as: "admin" });
    expect(rotated.secrets).toHaveLength(2);
    expect(rotated.secrets[1].expires_at).toBeDefined();
    await world.ask();
    const during = await receiver.next();
    new Webhook(old).verify(during.body, during.headers);
    new Webhook(rotated.secret).verify(during.body, during.headers);
    new SvixWebhook(old).verify(during.body, during.headers);
    world.clock.advance(24 * HOUR_MS);
    await world.ask();
    const after = await receiver.next();
    new Webhook(rotated.secret).verify(after.body, after.headers);
    expect(() => new Webhook(old).verify(after.body, after.headers)).toThrow();
    const { body } = await world.call("GET", "/v1/webhook-endpoints", { as: "admin" });
    expect(body.data[0].secrets).toHaveLength(1);
  });

  it("that is rotated twice forgets the first secret", async () => {
    const { id, secret: first } = await addEndpoint();
    const path = `/v1/webhook-endpoints/${id}/rotate-secret`;
    await world.call("POST", path, { as: "admin" });
    await world.call("POST", path, { as: "admin" });
    await world.ask();
    const { body, headers } = await receiver.next();
    expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    expect(() => new Webhook(first).verify(body, headers)).toThrow();
  });

  it("sends a test", async () => {
    const { id, secret } = await addEndpoint({ event_types: ["request.rejected"] });
    const path = `/v1/webhook-endpoints/${id}/test`;
    const { body: delivery } = await world.call("POST", path, { as: "admin" });
    const { body, headers } = await receiver.next();
    expect(new Webhook(secret).verify(body, headers)).toEqual({
      type: "webhook.test",
      timestamp: delivery.created_at,
      data: {},
    });
    expect(await deliveryWhen(isDelivered)).toMatchObject({
      id: delivery.id,
      type: "webhook.test",
    });
  });

  it("that is disabled keeps what was on its way until it is enabled", async () => {
    const { id } = await addEndpoint();
    receiver.answer = (response) => response.writeHead(500).end();
    await world.ask();
    await deliveryWhen(failedTimes(1));
    const change = (body: object) =>
      world.call("PATCH", `/v1/webhook-endpoints/${id}`, { as: "admin", body });
    await change({ enabled: false });
    receiver.answer = (response) => response.end();
    world.clock.advance(HOUR_MS);
    await world.ask();
    expect(receiver.calls).toHaveLength(1);
    await change({ enabled: true });
    await receiver.next();
    expect(await deliveryWhen(isDelivered)).toMatchObject({ attempts: 2 });
    expect(receiver.calls).toHaveLength(2);
  });

  it("is changed in what is named, and null takes away", async () => {
    const { id } = await addEndpoint({ description: "A", event_types: ["request.created"] });
    const change = (body: object) =>
      world.call("PATCH", `/v1/webhook-endpoints/${id}`, { as: "admin", body });
    const types = ["request.approved"];
    expect((await change({ event_types: types })).body).toMatchObject({
      description: "A",
      event_types: types,
    });
    const { body } = await change({ description: null, event_types: null });
    expect(body).not.toHaveProperty("description");
    expect(body).not.toHaveProperty("event_types");
    expect(codeOf(await change({ url: "http://10.0.0.1/" }))).toBe("WEBHOOK_URL_REFUSED");
    expect((await change({})).body).toEqual(body);
  });

  it.each([
    "http://example.com/",
    "https://10.0.0.1/",
    "https://metadata.google.internal/",
    "https://ada:secret@example.com/",
  ])("is not made for %s", async (url) => {
    const reply = await world.call("POST", "/v1/webhook-endpoints", { as: "admin", body: { url } });
    expect([reply.status, codeOf(reply)]).toEqual([422, "WEBHOOK_URL_REFUSED"]);
    expect(reply.body.issues).toMatchObject([{ path: "/url" }]);
    expect(JSON.stringify(reply.body)).not.toContain("secret");
  });

  it("is not made on this machine without the flag", async () => {
    await using strict = await World.create({ allowLoopbackWebhooks: false });
    const body = { url: receiver.url };
    const reply = await strict.call("POST", "/v1/webhook-endpoints", { as: "admin", body });
    expect(codeOf(reply)).toBe("WEBHOOK_URL_REFUSED");
  });

  it("is one of 50 at most", async () => {
    for (let count = 0; count < 50; count += 1) await addEndpoint({ enabled: false });
    const body = { url: receiver.url };
    const reply = await world.call("POST", "/v1/webhook-endpoints", { as: "admin", body });
    expect(codeOf(reply)).toBe("RESOURCE_CONFLICT");
  });
});

describe("the list of deliveries", () => {
  it("is narrowed and paged, newest first", async () => {
    const first = await addEndpoint({ event_types: ["request.created"] });
    const second = await addEndpoint({ event_types: ["request.created"] });
    const asked: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      world.clock.advance(10);
      asked.push((await world.ask()).id);
    }
    expect(await deliveries()).toHaveLength(6);
    const query = `?endpoint_id=${first.id}&limit=2`;
    const page = await world.call("GET", `/v1/webhook-deliveries${query}`, { as: "viewer" });
    const next = `${query}&cursor=${page.body.next_cursor}`;
    const rest = await world.call("GET", `/v1/webhook-deliveries${next}`, { as: "viewer" });
    const listed = [...page.body.data, ...rest.body.data];
    expect(listed.map(({ request_id }) => request_id)).toEqual(asked.toReversed());
    expect(rest.body.next_cursor).toBeNull();
    expect(new Set(listed.map(({ endpoint_id }) => endpoint_id))).toEqual(new Set([first.id]));
    await eventually(async () => expect(await deliveries("?status=DELIVERED")).toHaveLength(6));
    expect(await deliveries(`?status=PENDING&endpoint_id=${second.id}`)).toEqual([]);
  });
});
