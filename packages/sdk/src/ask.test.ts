import {
  digestJson,
  hashSkeleton,
  isEnvelope,
  isId,
  type JsonValue,
  type WireRequest,
} from "@holdpoint/protocol";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Cipher } from "./encryption/cipher.js";
import { ConflictError } from "./errors/conflict.js";
import { DecryptionError } from "./errors/encryption.js";
import { InvalidResponseError } from "./errors/response.js";
import { ValidationError } from "./errors/validation.js";
import { Holdpoint } from "./holdpoint.js";
import type { RequestOptions } from "./requests/options.js";
import {
  API_KEY,
  BASE_URL,
  decidedRequest,
  KEY,
  OTHER_KEY,
  PROJECT_ID,
  problem,
  REQUEST_ID,
  wireRequest,
} from "./test-kit/fixtures.js";
import { type Reply, type SentCall, scriptFetch } from "./test-kit/scripted-fetch.js";

const REFUND = { service: "billing", action: "refund", payload: { amount: 500 }, id: REQUEST_ID };

function connect(replies: readonly Reply[], options: object = {}) {
  const { calls, fetch } = scriptFetch(...replies);
  const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, ...options });
  return { calls, hp };
}

function bodyOf(call: SentCall | undefined): Record<string, JsonValue> {
  return JSON.parse(call?.body ?? "null");
}

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (e: unknown) => e,
  );
}

describe("ask", () => {
  test("creates, waits by a held call, returns the answer", async () => {
    const { calls, hp } = connect([wireRequest(), decidedRequest("APPROVED", { reason: "Fine." })]);
    const decision = await hp.ask(REFUND);
    expect(calls.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
      "POST /v1/requests",
      `GET /v1/requests/${REQUEST_ID}?wait_ms=25000`,
    ]);
    expect(decision).toEqual({
      approved: true,
      status: "APPROVED",
      id: REQUEST_ID,
      payload: { amount: 500 },
      approvedPayload: { amount: 500 },
      grant: {
        id: "gnt_01h455vb4pex5vsknk084sn02q",
        revision: 2,
        approvedDigest: `sha256:${await digestJson({ amount: 500 })}`,
        expiresAt: new Date("2026-11-29T09:31:00.000Z"),
      },
      reason: "Fine.",
      decidedBy: { type: "operator", id: expect.any(String), name: "Ada" },
      resolvedAt: new Date("2026-11-22T09:31:00.000Z"),
      receiptId: "rcp_01h455vb4pex5vsknk084sn02q",
      metadata: {},
      url: `${BASE_URL}/requests/${REQUEST_ID}`,
    });
  });

  test("sends what the caller gave, the skeleton always, and writes into nothing", async () => {
    const { calls, hp } = connect([decidedRequest("APPROVED", { role: "finance" })], {
      agent: "Refund bot",
      environment: "staging",
    });
    const options = Object.freeze({
      ...REFUND,
      payload: Object.freeze({ amount: 500 }),
      priority: "high" as const,
      role: "finance",
      schema: Object.freeze({ type: "object", properties: { amount: { type: "number" } } }),
      timeoutMs: 60_000,
      runId: "run-1",
      parentRequestId: "req_01h455vb4pex5vsknk084sn02r",
      metadata: Object.freeze({ ticket: 7 }),
    });
    await hp.ask(options);
    expect(bodyOf(calls[0])).toEqual({
      id: REQUEST_ID,
      service: "billing",
      action: "refund",
      payload: { amount: 500 },
      priority: "high",
      role: "finance",
      schema: { type: "object", properties: { amount: { type: "number" } } },
      timeout_ms: 60_000,
      agent_label: "Refund bot",
      skeleton_hash: await hashSkeleton({ amount: 500 }),
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      metadata: { ticket: 7 },
      environment: "staging",
      run_id: "run-1",
      parent_request_id: "req_01h455vb4pex5vsknk084sn02r",
    });
  });

  test("makes an id, keeps it and the bytes over retries, and needs no second call when decided", async () => {
    const lost = new TypeError("fetch failed");
    const answer = (call: SentCall) =>
      Response.json(decidedRequest("APPROVED", { id: String(bodyOf(call).id) }));
    const { calls, hp } = connect([lost, lost, answer]);
    const { id: _, ...withoutId } = REFUND;
    const decision = await hp.ask(withoutId);
    expect(isId("request", decision.id)).toBe(true);
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map(({ body }) => body)).size).toBe(1);
  });

  test("an edit is what may run", async () => {
    const edited = decidedRequest("APPROVED_WITH_MODIFICATIONS", {
      patched_payload: { amount: 50 },
    });
    const decision = await connect([edited]).hp.ask(REFUND);
    expect(decision).toMatchObject({
      approved: true,
      status: "APPROVED_WITH_MODIFICATIONS",
      payload: { amount: 500 },
      patchedPayload: { amount: 50 },
      approvedPayload: { amount: 50 },
      diffSummary: {
        summary: "Changed /amount from 500 to 50.",
        changes: [{ path: "/amount", from: 500, to: 50 }],
      },
    });
  });

  test.each(["REJECTED", "EXPIRED", "CANCELLED"] as const)(
    "[G4] %s is an answer, and a no",
    async (status) => {
      const decision = await connect([decidedRequest(status, { reason: "Too much." })]).hp.ask(
        REFUND,
      );
      expect(decision).toMatchObject({ approved: false, status, reason: "Too much." });
      expect(decision).not.toHaveProperty("approvedPayload");
    },
  );
});

describe("[G4] an answer that is not understood is never an approval", () => {
  const approved = decidedRequest("APPROVED");
  const without = (name: keyof WireRequest): object => {
    const { [name]: _, ...rest } = approved;
    return rest;
  };
  test.each<[string, unknown]>([
    ["an unknown status", { ...approved, status: "AUTO_APPROVED" }],
    ["a status in lower case", { ...approved, status: "approved" }],
    ["a status from the prototype", { ...approved, status: "constructor" }],
    ["no status", without("status")],
    ["no payload", without("payload")],
    ["no decider", without("decided_by")],
    ["no time of decision", without("resolved_at")],
    ["no revision", without("revision")],
    ["no metadata", without("metadata")],
    ["no id", without("id")],
    ["the agent as its own approver", { ...approved, decided_by: { type: "agent", id: "agt_x" } }],
    ["the clock as approver", { ...approved, decided_by: { type: "system", id: "expiry" } }],
    ["another request", { ...approved, id: "req_01h455vb4pex5vsknk084sn02r" }],
    ["another payload", { ...approved, payload: { amount: 999 } }],
    ["another action", { ...approved, action: "payout" }],
    ["another service", { ...approved, service: "hr" }],
    ["another role", { ...approved, role: "intern" }],
    ["an edit under plain APPROVED", { ...approved, patched_payload: { amount: 1 } }],
    [
      "no edit under APPROVED_WITH_MODIFICATIONS",
      { ...approved, status: "APPROVED_WITH_MODIFICATIONS" },
    ],
    ["a list", [approved]],
    ["null", null],
    ["true", true],
    ["a text", "APPROVED"],
    ["an empty object", {}],
    ["an unknown execution status", { ...approved, execution: { status: "SURE" } }],
    ["a time that is none", { ...approved, resolved_at: "yesterday" }],
  ])("%s", async (_name, answer) => {
    const { hp } = connect([() => Response.json(answer)]);
    const error = await failure(hp.ask(REFUND));
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toMatchObject({ code: "RESPONSE_INVALID", retryable: false });
  });

  test.each<[string, JsonValue]>([
    ["an empty object", {}],
    ["an empty list", []],
    ["an empty text", ""],
    ["null", null],
  ])("an edit of %s", async (_name, patched_payload) => {
    const { hp } = connect([decidedRequest("APPROVED_WITH_MODIFICATIONS", { patched_payload })]);
    const error = await failure(hp.ask(REFUND));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: "PATCH_EMPTY", requestId: REQUEST_ID });
  });
});

describe("with a schema", () => {
  const schema = z.object({ amount: z.number().max(1_000) });
  const edited = (amount: JsonValue, more: object = {}) =>
    decidedRequest("APPROVED_WITH_MODIFICATIONS", { patched_payload: { amount }, ...more });

  test("a payload that breaks it is not sent", async () => {
    const { calls, hp } = connect([wireRequest()]);
    const error = await failure(hp.ask({ ...REFUND, payload: { amount: 5_000 }, schema }));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: "PAYLOAD_INVALID", issues: [{ path: "/amount" }] });
    expect(calls).toHaveLength(0);
  });

  test("[S-SCHEMAS] one that cannot be converted is refused before anything is sent", async () => {
    const { calls, hp } = connect([wireRequest()]);
    expect(await failure(hp.ask({ ...REFUND, schema: z.any() }))).toMatchObject({
      code: "SCHEMA_UNSUPPORTED",
    });
    expect(calls).toHaveLength(0);
  });

  test("[G4] an edit that breaks the caller's schema is refused", async () => {
    const error = await failure(connect([edited(5_000)]).hp.ask({ ...REFUND, schema }));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: "PATCH_INVALID", issues: [{ path: "/amount" }] });
  });

  test("[G4] and so is one that breaks a rule only the caller's library knows", async () => {
    const even = schema.refine(({ amount }) => amount % 2 === 0);
    expect(await failure(connect([edited(51)]).hp.ask({ ...REFUND, schema: even }))).toMatchObject({
      code: "PATCH_INVALID",
    });
    expect(await connect([edited(50)]).hp.ask({ ...REFUND, schema: even })).toMatchObject({
      approvedPayload: { amount: 50 },
    });
  });

  test("[G4] another process checks by the schema that comes with the request", async () => {
    const wire = { schema: { properties: { amount: { type: "number", maximum: 1_000 } } } };
    expect(await failure(connect([edited("all", wire)]).hp.wait(REQUEST_ID))).toMatchObject({
      code: "PATCH_INVALID",
    });
    expect(await failure(connect([edited(5_000)]).hp.wait(REQUEST_ID, { schema }))).toMatchObject({
      code: "PATCH_INVALID",
    });
    expect(await connect([edited(5, wire)]).hp.wait(REQUEST_ID)).toMatchObject({ approved: true });
  });
});

describe("what the caller gets wrong is refused before anything is sent", () => {
  test.each<[string, object]>([
    ["no payload", { payload: undefined }],
    ["a Map", { payload: new Map() }],
    ["too large a payload", { payload: "x".repeat(262_144) }],
    ["an id of another kind", { id: "prj_01h455vb4pex5vsknk084sn02q" }],
    ["an id with a path in it", { id: "req_../../v1/me" }],
    ["too short a time", { timeoutMs: 999 }],
    ["too long a time", { timeoutMs: 2_592_000_001 }],
    ["a time that is no integer", { timeoutMs: 1_000.5 }],
    ["metadata that is a list", { metadata: [] }],
    ["metadata that is too large", { metadata: { a: "x".repeat(20_000) } }],
    ["a schema that is none", { schema: "number" }],
  ])("%s", async (_name, wrong) => {
    const { calls, hp } = connect([wireRequest()]);
    const options = { ...REFUND, ...wrong } as RequestOptions<unknown, never>;
    expect(await failure(hp.ask(options))).toBeInstanceOf(ValidationError);
    expect(await failure(hp.defer(options))).toBeInstanceOf(ValidationError);
    expect(calls).toHaveLength(0);
  });
});

describe("with an encryption key", () => {
  const cipher = new Cipher(PROJECT_ID, [KEY]);
  const sealed = (value: JsonValue, field: "payload" | "patch") =>
    cipher.seal(value, REQUEST_ID, field);
  const approved = async (more: object = {}) =>
    decidedRequest("APPROVED", {
      encrypted: true,
      payload: await sealed(REFUND.payload, "payload"),
      ...more,
    });

  test("[G6] nothing of the payload leaves, the skeleton does", async () => {
    const { calls, hp } = connect([await approved()], { encryptionKey: KEY });
    expect(await hp.ask(REFUND)).toMatchObject({ approvedPayload: { amount: 500 } });
    const body = bodyOf(calls[0]);
    expect(calls[0]?.body).not.toContain("500");
    expect(body.encrypted).toBe(true);
    expect(isEnvelope(body.payload)).toBe(true);
    expect(body.skeleton_hash).toBe(await hashSkeleton({ amount: 7 }));
  });

  test("an edit is decrypted and compared here", async () => {
    const answer = await approved({
      status: "APPROVED_WITH_MODIFICATIONS",
      patched_payload: await sealed({ amount: 50 }, "patch"),
    });
    expect(
      await connect([answer], { encryptionKey: [OTHER_KEY, KEY] }).hp.ask(REFUND),
    ).toMatchObject({
      approvedPayload: { amount: 50 },
      diffSummary: { changes: [{ path: "/amount", from: 500, to: 50 }] },
    });
  });

  test.each<[string, () => Promise<object>, string]>([
    ["a plaintext request", async () => decidedRequest("APPROVED"), "PLAINTEXT_REFUSED"],
    ["a plaintext payload", () => approved({ payload: { amount: 500 } }), "DECRYPTION_FAILED"],
    [
      "a plaintext edit",
      () => approved({ status: "APPROVED_WITH_MODIFICATIONS", patched_payload: { amount: 1 } }),
      "DECRYPTION_FAILED",
    ],
    [
      "an edit of another field",
      async () =>
        approved({
          status: "APPROVED_WITH_MODIFICATIONS",
          patched_payload: await sealed({ amount: 1 }, "payload"),
        }),
      "DECRYPTION_FAILED",
    ],
  ])("[G4] %s is refused", async (_name, answer, code) => {
    const error = await failure(connect([await answer()], { encryptionKey: KEY }).hp.ask(REFUND));
    expect(error).toBeInstanceOf(DecryptionError);
    expect(error).toMatchObject({ code });
  });

  test("[G4] an encrypted answer without a key, or with another, is refused", async () => {
    for (const options of [{}, { encryptionKey: OTHER_KEY }]) {
      expect(await failure(connect([await approved()], options).hp.wait(REQUEST_ID))).toMatchObject(
        {
          code: "DECRYPTION_KEY_MISSING",
        },
      );
    }
  });

  test("asking again under the same id finds the request, for other bytes mean the same", async () => {
    const conflict = problem(409, "REQUEST_ID_CONFLICT");
    const options = { encryptionKey: KEY };
    expect(await connect([conflict, await approved()], options).hp.ask(REFUND)).toMatchObject({
      approved: true,
    });
    const other = { ...REFUND, payload: { amount: 501 } };
    expect(
      await failure(connect([conflict, await approved()], options).hp.ask(other)),
    ).toBeInstanceOf(ConflictError);
    const gone = problem(404, "REQUEST_NOT_FOUND");
    expect(await failure(connect([conflict, gone], options).hp.defer(REFUND))).toBeInstanceOf(
      ConflictError,
    );
  });
});
