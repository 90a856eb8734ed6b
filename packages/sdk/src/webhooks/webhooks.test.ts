import type { WireRequest, WireWebhookEvent } from "@holdpoint/protocol";
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Holdpoint } from "../holdpoint.js";
import {
  API_KEY,
  BASE_URL,
  decidedRequest,
  KEY,
  PROJECT_ID,
  wireRequest,
} from "../test-kit/fixtures.js";
import { createReplayMemory } from "./memory.js";
import type { WebhookHandlerOptions } from "./options.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
const OTHER_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const EVENT_ID = "evt_01h455vb4pex5vsknk084sn02q";
const RECEIPT_ID = "rcp_01h455vb4pex5vsknk084sn02q";

const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL });

function webhook(
  type: WireWebhookEvent["type"],
  request: WireRequest,
  more: object = {},
): WireWebhookEvent {
  return {
    type,
    timestamp: "2026-11-22T09:31:00.000Z",
    data: {
      event: {
        id: EVENT_ID,
        type: type as "request.created",
        request_id: request.id,
        at: "2026-11-22T09:31:00.000Z",
        actor: { type: "operator", id: "usr_01h455vb4pex5vsknk084sn02q", name: "Ada" },
        service: request.service,
        action: request.action,
        status: request.status,
        priority: request.priority,
        receipt_id: RECEIPT_ID,
      },
      request,
      ...more,
    },
  };
}

interface SignOptions {
  readonly secret?: string;
  readonly id?: string;
  readonly at?: Date;
}

function sign(
  content: unknown,
  { secret = SECRET, id = EVENT_ID, at = new Date() }: SignOptions = {},
) {
  const body = typeof content === "string" ? content : JSON.stringify(content);
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
  return { body, headers };
}

const APPROVED = webhook("request.approved", decidedRequest("APPROVED"));

describe("unwrap", () => {
  it("reads what the library of Standard Webhooks has signed", async () => {
    const { body, headers } = sign(APPROVED);
    const event = await hp.webhooks.unwrap(body, headers, SECRET);
    expect(event).toMatchObject({
      id: EVENT_ID,
      type: "request.approved",
      timestamp: new Date("2026-11-22T09:31:00.000Z"),
      receiptId: RECEIPT_ID,
      actor: { name: "Ada" },
      request: { payload: { amount: 500 }, createdAt: expect.any(Date) },
      decision: { approved: true, approvedPayload: { amount: 500 }, grant: { revision: 2 } },
    });
  });

  it("reads what Svix has signed, with its own headers of the standard", async () => {
    const body = JSON.stringify(APPROVED);
    const at = new Date();
    const headers = {
      "webhook-id": EVENT_ID,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new SvixWebhook(SECRET).sign(EVENT_ID, at, body),
    };
    expect(await hp.webhooks.unwrap(body, headers, SECRET)).toMatchObject({ id: EVENT_ID });
  });

  it.each([
    ["bytes", (body: string) => new TextEncoder().encode(body)],
    ["a Buffer", (body: string) => Buffer.from(body)],
  ])("takes %s", async (_name, convert) => {
    const { body, headers } = sign(
      webhook("request.created", wireRequest({ payload: "Grüße 🙂" })),
    );
    const event = await hp.webhooks.unwrap(convert(body), headers, SECRET);
    expect(event).toMatchObject({ type: "request.created", request: { payload: "Grüße 🙂" } });
    expect(event).not.toHaveProperty("decision");
  });

  it("tells of one approval of several, which is no answer", async () => {
    const approvals = [{ operator: { id: "usr_1", name: "Ada" }, at: "2026-11-22T09:31:00.000Z" }];
    const { body, headers } = sign(
      webhook("request.endorsed", wireRequest({ quorum: 2, approvals })),
    );
    const event = await hp.webhooks.unwrap(body, headers, SECRET);
    expect(event).toMatchObject({
      type: "request.endorsed",
      actor: { name: "Ada" },
      request: { status: "PENDING", quorum: 2, approvals },
    });
    expect(event).not.toHaveProperty("decision");
  });

  it("tells of an anomaly, with why it is one", async () => {
    const shield = {
      profile_id: "shp_01h455vb4pex5vsknk084sn02q",
      mode: "enforce",
      anomalous: true,
      signals: ["path"],
      effect: "held",
      surprise_bits: 11.25,
      path_bits: 11.25,
      structure_bits: 0,
      one_in: 180.5,
      explanation: "After read_logs, deploy has gone to apply_terraform 0 of 1,412 times.",
      after: "read_logs",
    } as const;
    for (const request of [wireRequest({ shield }), decidedRequest("APPROVED", { shield })]) {
      const { body, headers } = sign(webhook("shield.anomaly", request));
      const event = await hp.webhooks.unwrap(body, headers, SECRET);
      expect(event).toMatchObject({
        type: "shield.anomaly",
        request: { status: request.status },
        verdict: { effect: "held", oneIn: 180.5, explanation: shield.explanation },
      });
      expect(event).not.toHaveProperty("decision");
    }
    const { body, headers } = sign(webhook("shield.anomaly", wireRequest()));
    const bare = hp.webhooks.unwrap(body, headers, SECRET);
    await expect(bare).rejects.toMatchObject({ code: "WEBHOOK_MALFORMED" });
  });

  it.each([
    ["purchase.reserved", wireRequest(), {}],
    ["purchase.settled", decidedRequest("APPROVED"), { payee: "acme.example" }],
    ["purchase.settled", decidedRequest("EXPIRED"), { late: true }],
    ["purchase.released", decidedRequest("REJECTED"), {}],
    ["purchase.expired", decidedRequest("EXPIRED"), {}],
    ["purchase.refunded", decidedRequest("APPROVED"), {}],
  ] as const)("tells of %s, with what was moved", async (type, request, more) => {
    const moved = { amount_minor: 1_250, currency: "EUR", category: "cloud", ...more };
    const content = webhook(type, request);
    const event = { ...content.data.event, purchase: moved };
    const { body, headers } = sign({ ...content, data: { ...content.data, event } });
    expect(await hp.webhooks.unwrap(body, headers, SECRET)).toMatchObject({
      type,
      request: { status: request.status },
      purchase: { amount: "12.50", currency: "EUR", category: "cloud", late: false, ...more },
    });
  });

  it.each([
    ["nothing of the money", undefined],
    ["a fraction", { amount_minor: 1.5, currency: "EUR", category: "cloud" }],
    ["less than nothing", { amount_minor: -1, currency: "EUR", category: "cloud" }],
    ["a currency nobody knows", { amount_minor: 1, currency: "XXQ", category: "cloud" }],
  ])("refuses a purchase's event with %s", async (_name, purchase) => {
    const content = webhook("purchase.settled", decidedRequest("APPROVED"));
    const event = { ...content.data.event, purchase };
    const { body, headers } = sign({ ...content, data: { ...content.data, event } });
    const unwrapped = hp.webhooks.unwrap(body, headers, SECRET);
    await expect(unwrapped).rejects.toMatchObject({
      name: "WebhookVerificationError",
      code: "WEBHOOK_MALFORMED",
    });
  });

  it.each([
    ["fetch's", (headers: Record<string, string>) => new Headers(headers)],
    [
      "Node's",
      (headers: Record<string, string>) => ({ ...headers, "set-cookie": ["a"], host: undefined }),
    ],
    [
      "capitalised",
      (headers: Record<string, string>) =>
        Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
        ),
    ],
  ])("takes %s headers", async (_name, convert) => {
    const { body, headers } = sign(APPROVED);
    expect(await hp.webhooks.unwrap(body, convert(headers), SECRET)).toBeDefined();
  });

  it("takes any of several secrets, and those of the environment", async () => {
    const { body, headers } = sign(APPROVED);
    expect(await hp.webhooks.unwrap(body, headers, [OTHER_SECRET, SECRET])).toBeDefined();
    vi.stubEnv("HOLDPOINT_WEBHOOK_SECRET", `${OTHER_SECRET}, ${SECRET}`);
    expect(await hp.webhooks.unwrap(body, headers)).toBeDefined();
    vi.unstubAllEnvs();
  });

  it("tells a rejection, an edit and an execution as what they are", async () => {
    const rejected = sign(
      webhook("request.rejected", decidedRequest("REJECTED", { reason: "No." })),
    );
    expect(await hp.webhooks.unwrap(rejected.body, rejected.headers, SECRET)).toMatchObject({
      decision: { approved: false, status: "REJECTED", reason: "No." },
    });
    const request = decidedRequest("APPROVED");
    const execution = {
      id: "exe_01h455vb4pex5vsknk084sn02q",
      request_id: request.id,
      status: "COMMITTED",
      fencing_token: 1,
      idempotent: false,
      claimed_at: "2026-11-22T09:32:00.000Z",
      lease_expires_at: "2026-11-22T09:33:00.000Z",
      settled_at: "2026-11-22T09:32:30.000Z",
      result: { refunded: true },
    };
    const committed = sign(webhook("execution.committed", request, { execution }));
    expect(await hp.webhooks.unwrap(committed.body, committed.headers, SECRET)).toMatchObject({
      type: "execution.committed",
      execution: { status: "COMMITTED", result: { refunded: true } },
    });
  });

  it("tells a test", async () => {
    const test = { type: "webhook.test", timestamp: "2026-11-22T09:31:00.000Z", data: {} } as const;
    const { body, headers } = sign(test);
    expect(await hp.webhooks.unwrap(body, headers, SECRET)).toEqual({
      id: EVENT_ID,
      type: "webhook.test",
      timestamp: new Date(test.timestamp),
    });
  });

  it("finds no state where none was parked", async () => {
    const { body, headers } = sign(APPROVED);
    const event = await hp.webhooks.unwrap(body, headers, SECRET);
    expect("loadState" in event && (await event.loadState())).toBeUndefined();
  });

  it.each<[string, ReturnType<typeof sign>, string]>([
    ["another secret", sign(APPROVED, { secret: OTHER_SECRET }), "WEBHOOK_SIGNATURE_INVALID"],
    [
      "a changed body",
      { ...sign(APPROVED), body: JSON.stringify(APPROVED).replace("500", "900") },
      "WEBHOOK_SIGNATURE_INVALID",
    ],
    [
      "another id",
      {
        ...sign(APPROVED),
        headers: { ...sign(APPROVED).headers, "webhook-id": "evt_01h455vb4pex5vsknk084sn02r" },
      },
      "WEBHOOK_SIGNATURE_INVALID",
    ],
    [
      "a fresh timestamp on an old signature",
      {
        body: sign(APPROVED).body,
        headers: {
          ...sign(APPROVED, { at: new Date(Date.now() - 3_600_000) }).headers,
          "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
        },
      },
      "WEBHOOK_SIGNATURE_INVALID",
    ],
    [
      "an unknown version of signature",
      {
        ...sign(APPROVED),
        headers: {
          ...sign(APPROVED).headers,
          "webhook-signature": sign(APPROVED).headers["webhook-signature"].replace("v1,", "v2,"),
        },
      },
      "WEBHOOK_SIGNATURE_INVALID",
    ],
    [
      "no signature",
      { ...sign(APPROVED), headers: { "webhook-id": EVENT_ID } as never },
      "WEBHOOK_SIGNATURE_INVALID",
    ],
    [
      "an old webhook",
      sign(APPROVED, { at: new Date(Date.now() - 301_000) }),
      "WEBHOOK_TIMESTAMP_INVALID",
    ],
    [
      "one from the future",
      // Signed when the tests are collected: a busy machine may take a while to come to it.
      sign(APPROVED, { at: new Date(Date.now() + 360_000) }),
      "WEBHOOK_TIMESTAMP_INVALID",
    ],
    [
      "a timestamp that is no number",
      { ...sign(APPROVED), headers: { ...sign(APPROVED).headers, "webhook-timestamp": "now" } },
      "WEBHOOK_TIMESTAMP_INVALID",
    ],
    ["no JSON", sign("{"), "WEBHOOK_MALFORMED"],
    ["a list", sign([]), "WEBHOOK_MALFORMED"],
    ["no data", sign({ type: "webhook.test2", timestamp: "x" }), "WEBHOOK_MALFORMED"],
    ["a type from the future", sign({ ...APPROVED, type: "shield.anomaly" }), "WEBHOOK_MALFORMED"],
    [
      "an event other than its header's",
      sign(APPROVED, { id: "evt_01h455vb4pex5vsknk084sn02r" }),
      "WEBHOOK_MALFORMED",
    ],
    [
      "an event of another type",
      sign({ ...APPROVED, type: "request.rejected" }),
      "WEBHOOK_MALFORMED",
    ],
  ])("refuses %s", async (_name, { body, headers }, code) => {
    await expect(hp.webhooks.unwrap(body, headers, SECRET)).rejects.toMatchObject({
      name: "WebhookVerificationError",
      code,
      retryable: false,
    });
  });

  it("refuses parsed JSON, and says what to pass", async () => {
    const { headers } = sign(APPROVED);
    const unwrapped = hp.webhooks.unwrap(APPROVED as never, headers, SECRET);
    await expect(unwrapped).rejects.toMatchObject({
      code: "WEBHOOK_MALFORMED",
      message: expect.stringMatching(/request\.text\(\).*express\.raw/),
    });
  });

  it("refuses bytes that are no UTF-8, which would be taken for others", async () => {
    const { headers } = sign('"\ufffd"');
    const unwrapped = hp.webhooks.unwrap(Uint8Array.of(34, 255, 34), headers, SECRET);
    await expect(unwrapped).rejects.toMatchObject({ code: "WEBHOOK_MALFORMED" });
  });

  it("is no approval where the grant is for other arguments", async () => {
    const forged = decidedRequest("APPROVED", { payload: { amount: 900_000 } });
    const grant = decidedRequest("APPROVED").grant as NonNullable<WireRequest["grant"]>;
    const { body, headers } = sign(webhook("request.approved", { ...forged, grant }));
    const unwrapped = hp.webhooks.unwrap(body, headers, SECRET);
    await expect(unwrapped).rejects.toMatchObject({ code: "RESPONSE_INVALID" });
  });

  it("is no approval where plaintext comes although a key is set", async () => {
    const sealed = new Holdpoint({ apiKey: API_KEY, encryptionKey: KEY });
    const { body, headers } = sign(APPROVED);
    const unwrapped = sealed.webhooks.unwrap(body, headers, SECRET);
    await expect(unwrapped).rejects.toMatchObject({ code: "PLAINTEXT_REFUSED" });
  });

  it("decrypts", async () => {
    const { importEnvelopeKey, sealEnvelope } = await import("@holdpoint/protocol/envelope");
    const id = wireRequest().id;
    const binding = { projectId: PROJECT_ID, requestId: id, field: "payload" } as const;
    const payload = await sealEnvelope({ iban: "DE02" }, binding, await importEnvelopeKey(KEY));
    const { body, headers } = sign(
      webhook("request.created", wireRequest({ payload, encrypted: true })),
    );
    expect(body).not.toContain("DE02");
    const sealed = new Holdpoint({ apiKey: API_KEY, encryptionKey: KEY });
    expect(await sealed.webhooks.unwrap(body, headers, SECRET)).toMatchObject({
      request: { payload: { iban: "DE02" } },
    });
    const blind = hp.webhooks.unwrap(body, headers, SECRET);
    await expect(blind).rejects.toMatchObject({ code: "DECRYPTION_KEY_MISSING" });
  });

  it.each([undefined, "", "secret", "whsec_", [], ["whsec_x"], [null], `${SECRET},`])(
    "refuses %j as the secret",
    async (secret) => {
      const { body, headers } = sign(APPROVED);
      const unwrapped = hp.webhooks.unwrap(body, headers, secret as string);
      await expect(unwrapped).rejects.toMatchObject({ code: "CONFIGURATION_INVALID" });
    },
  );
});

describe("a handler", () => {
  let errors: unknown[];
  beforeEach(() => {
    errors = [];
  });
  afterEach(() => vi.useRealTimers());

  function handlerOf(on: WebhookHandlerOptions["on"], more: Partial<WebhookHandlerOptions> = {}) {
    return hp.webhooks.handler({
      secret: SECRET,
      on,
      onError: (error) => errors.push(error),
      ...more,
    });
  }

  function post(content: unknown = APPROVED, options: SignOptions = {}): Request {
    const { body, headers } = sign(content, options);
    return new Request("https://app.example/hooks", { method: "POST", headers, body });
  }

  it("runs the listener of the type, and answers 200 when it is done", async () => {
    const approved = vi.fn(async () => {});
    const handle = handlerOf({ "request.approved": approved });
    expect((await handle(post())).status).toBe(200);
    expect(approved).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: "request.approved", id: EVENT_ID }),
    );
  });

  it("answers 200 to types without listener, and to types it does not know", async () => {
    const handle = handlerOf({ "request.rejected": () => Promise.reject(new Error("not mine")) });
    expect((await handle(post())).status).toBe(200);
    const unknown = post({ ...APPROVED, type: "request.escalated" }, { id: "evt_other" });
    expect((await handle(unknown)).status).toBe(200);
    const newer = webhook("request.escalated" as "request.created", wireRequest());
    expect((await handlerOf({})(post(newer))).status).toBe(200);
    const method = post({ ...APPROVED, type: "toString" }, { id: "evt_method" });
    expect((await handle(method)).status).toBe(200);
    expect(errors).toEqual([]);
  });

  it("runs once for what is delivered again", async () => {
    const listener = vi.fn();
    const handle = handlerOf(listener);
    expect((await handle(post())).status).toBe(200);
    const again = await handle(post());
    expect([again.status, await again.json()]).toEqual([200, { handled: "before" }]);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("answers 500 where the listener throws, and runs again with the redelivery", async () => {
    const listener = vi.fn().mockRejectedValueOnce(new Error("db away")).mockResolvedValue(0);
    const handle = handlerOf(listener);
    const failed = await handle(post());
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain("db away");
    expect(errors).toMatchObject([{ message: "db away" }]);
    expect((await handle(post())).status).toBe(200);
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it("does not run twice at once: a duplicate is asked to come again", async () => {
    let finish = () => {};
    const listener = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const handle = handlerOf(listener);
    const first = handle(post());
    await vi.waitFor(() => expect(listener).toHaveBeenCalled(), { timeout: 10_000 });
    const duplicate = await handle(post());
    expect([duplicate.status, duplicate.headers.get("retry-after")]).toEqual([409, "15"]);
    finish();
    expect((await first).status).toBe(200);
    expect((await handle(post())).status).toBe(200);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("shares a memory with other handlers, 50 at once", async () => {
    const seen = createReplayMemory();
    const listener = vi.fn(async () => {});
    const handlers = Array.from({ length: 50 }, () => handlerOf(listener, { seen }));
    const answers = await Promise.all(handlers.map((handle) => handle(post())));
    expect(listener).toHaveBeenCalledTimes(1);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
  });

  it("answers 401 to what is not signed, 400 to what is no webhook, and runs nothing", async () => {
    const listener = vi.fn();
    const handle = handlerOf(listener);
    expect((await handle(post(APPROVED, { secret: OTHER_SECRET }))).status).toBe(401);
    expect((await handle(post("[]"))).status).toBe(400);
    const read = post();
    await read.text();
    expect((await handle(read)).status).toBe(400);
    expect((await handle(new Request("https://app.example/hooks"))).status).toBe(405);
    expect(listener).not.toHaveBeenCalled();
  });

  it("reads no more than a webhook can have", async () => {
    const { headers } = sign(APPROVED);
    const body = "x".repeat(5_000_000);
    const request = new Request("https://app.example/hooks", { method: "POST", headers, body });
    expect((await handlerOf(() => {})(request)).status).toBe(400);
  });

  it("answers 500 where a decision does not open, and runs nothing", async () => {
    const listener = vi.fn();
    const sealed = new Holdpoint({ apiKey: API_KEY, encryptionKey: KEY });
    const handle = sealed.webhooks.handler({ secret: SECRET, on: listener, onError: () => {} });
    expect((await handle(post())).status).toBe(500);
    expect(listener).not.toHaveBeenCalled();
  });

  it("answers all the same where its error report throws, and tells of both", async () => {
    const print = vi.spyOn(console, "error").mockImplementation(() => {});
    const [first, second] = [new Error("listener"), new Error("report")];
    const on = () => Promise.reject(first);
    const handle = handlerOf(on, { onError: () => Promise.reject(second) });
    expect((await handle(post())).status).toBe(500);
    expect(print).toHaveBeenCalledWith(first, second);
    print.mockRestore();
  });

  it("says with every call that its secret is none", async () => {
    const handle = handlerOf(() => {}, { secret: "nonsense" });
    for (let count = 0; count < 2; count += 1) {
      await expect(handle(post())).rejects.toMatchObject({ code: "CONFIGURATION_INVALID" });
    }
  });
});

describe("the memory of a process", () => {
  it("forgets with time, and the oldest when it is full", () => {
    let now = 1_000;
    const memory = createReplayMemory(() => now);
    expect(memory.add("a", new Date(2_000))).toBe(true);
    expect(memory.add("a", new Date(3_000))).toBe(false);
    now = 2_000;
    expect(memory.has("a")).toBe(false);
    expect(memory.add("a", new Date(9_000))).toBe(true);
    for (let index = 0; index < 10_000; index += 1) void memory.add(`x${index}`, new Date(9_000));
    expect(memory.has("a")).toBe(false);
    expect(memory.has("x0")).toBe(true);
  });
});
