import { type ErrorCode, LIMITS } from "@holdpoint/protocol";
import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, newRequest, World } from "./testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

const CANARY = "canary-5f1c9e";

const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

/** A body, and what must come of it: code, status and the first issue's place. */
const BODIES: readonly (readonly [string, unknown, ErrorCode, number, string?])[] = [
  ["an array", [], "VALIDATION_FAILED", 422, ""],
  ["null", null, "VALIDATION_FAILED", 422, ""],
  ["a text", "hello", "VALIDATION_FAILED", 422, ""],
  ["no id", newRequest({ id: undefined }), "VALIDATION_FAILED", 422, "/id"],
  [
    "a foreign kind of id",
    newRequest({ id: typeidUnboxed("agt") }),
    "VALIDATION_FAILED",
    422,
    "/id",
  ],
  ["an id that is no TypeID", newRequest({ id: "req_1" }), "VALIDATION_FAILED", 422, "/id"],
  ["no payload", newRequest({ payload: undefined }), "VALIDATION_FAILED", 422, "/payload"],
  ["an unknown field", newRequest({ urgent: true }), "VALIDATION_FAILED", 422, "/urgent"],
  ["a number as service", newRequest({ service: 1 }), "VALIDATION_FAILED", 422, "/service"],
  ["an empty service", newRequest({ service: "" }), "VALIDATION_FAILED", 422, "/service"],
  [
    "a long service",
    newRequest({ service: "s".repeat(101) }),
    "VALIDATION_FAILED",
    422,
    "/service",
  ],
  ["two lines as action", newRequest({ action: "a\nb" }), "VALIDATION_FAILED", 422, "/action"],
  ["right-to-left tricks", newRequest({ action: "a\u202eb" }), "VALIDATION_FAILED", 422, "/action"],
  [
    "an unknown priority",
    newRequest({ priority: "urgent" }),
    "VALIDATION_FAILED",
    422,
    "/priority",
  ],
  ["a role with spaces", newRequest({ role: "the boss" }), "VALIDATION_FAILED", 422, "/role"],
  ["a timeout of 0", newRequest({ timeout_ms: 0 }), "VALIDATION_FAILED", 422, "/timeout_ms"],
  [
    "a timeout as text",
    newRequest({ timeout_ms: "1000" }),
    "VALIDATION_FAILED",
    422,
    "/timeout_ms",
  ],
  [
    "a timeout of a year",
    newRequest({ timeout_ms: 31_536_000_000 }),
    "VALIDATION_FAILED",
    422,
    "/timeout_ms",
  ],
  ["metadata as a list", newRequest({ metadata: [] }), "VALIDATION_FAILED", 422, "/metadata"],
  [
    "a payload 65 levels deep",
    newRequest({ payload: nested(65) }),
    "VALIDATION_FAILED",
    422,
    "/payload",
  ],
  [
    "a large payload",
    newRequest({ payload: "x".repeat(LIMITS.payloadBytes) }),
    "PAYLOAD_TOO_LARGE",
    413,
    "/payload",
  ],
  ["a large body", newRequest({ payload: "x".repeat(LIMITS.bodyBytes) }), "BODY_TOO_LARGE", 413],
  ["a schema that is none", newRequest({ schema: { type: "strin" } }), "SCHEMA_INVALID", 422],
  [
    "a remote $ref",
    newRequest({ schema: { $ref: "https://evil.example/s" } }),
    "SCHEMA_INVALID",
    422,
  ],
  [
    "another draft",
    newRequest({ schema: { $schema: "http://json-schema.org/draft-04/schema#" } }),
    "SCHEMA_INVALID",
    422,
  ],
  [
    "a broken pattern",
    newRequest({ schema: { pattern: "(" }, payload: "x" }),
    "SCHEMA_INVALID",
    422,
  ],
  [
    "a payload that breaks its schema",
    newRequest({ schema: { properties: { limit: { maximum: 1 } } } }),
    "PAYLOAD_INVALID",
    422,
    "/payload/limit",
  ],
  [
    "plaintext marked as encrypted",
    newRequest({ encrypted: true }),
    "ENVELOPE_INVALID",
    422,
    "/payload",
  ],
  [
    "a schema for a secret that is none",
    newRequest({ schema: true }),
    "VALIDATION_FAILED",
    422,
    "/schema",
  ],
];

describe("POST /v1/requests with", () => {
  it.each(BODIES)("%s", async (_name, body, code, status, path) => {
    const reply = await world.call("POST", "/v1/requests", { as: "agent", body });
    expect([codeOf(reply), reply.status]).toEqual([code, status]);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    expect(reply.body.detail).toMatch(/Expected/);
    if (path !== undefined) expect(reply.body.issues[0].path).toBe(path);
  });

  it.each([
    ["text that is no JSON", `{"id": "${CANARY}`, {}, "BODY_MALFORMED", 400],
    ["nothing", "", {}, "BODY_MALFORMED", 400],
    [
      "an integer that would lose digits",
      '{"payload": 12345678901234567890}',
      {},
      "BODY_MALFORMED",
      400,
    ],
    ["a number beyond all floats", '{"payload": 1e400}', {}, "BODY_MALFORMED", 400],
    ["half a surrogate pair", '{"service": "\\ud800"}', {}, "BODY_MALFORMED", 400],
    ["half a pair in a key", '{"payload": {"\\udc00": 1}}', {}, "BODY_MALFORMED", 400],
    [
      "a form",
      "a=b",
      { "content-type": "application/x-www-form-urlencoded" },
      "MEDIA_TYPE_UNSUPPORTED",
      415,
    ],
    ["text/json", "{}", { "content-type": "text/json" }, "MEDIA_TYPE_UNSUPPORTED", 415],
    ["a compressed body", "{}", { "content-encoding": "gzip" }, "MEDIA_TYPE_UNSUPPORTED", 415],
    [
      "a declared length over the limit",
      "{}",
      { "content-length": "9999999" },
      "BODY_TOO_LARGE",
      413,
    ],
  ] as const)("%s", async (_name, rawBody, headers, code, status) => {
    const reply = await world.call("POST", "/v1/requests", { as: "agent", rawBody, headers });
    expect([codeOf(reply), reply.status]).toEqual([code, status]);
    expect(JSON.stringify(reply.body)).not.toContain(CANARY);
  });

  it("a key named __proto__ changes nothing but the payload", async () => {
    const { payload, ...rest } = newRequest();
    const rawBody = `${JSON.stringify(rest).slice(0, -1)},"payload":{"__proto__":{"admin":true}}}`;
    const reply = await world.fetch("POST", "/v1/requests", { as: "agent", rawBody });
    expect(reply.status).toBe(201);
    expect(await reply.text()).toContain('"payload":{"__proto__":{"admin":true}}');
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it("a schema whose pattern backtracks for ever is refused in time", async () => {
    const body = newRequest({
      schema: { type: "string", pattern: "^(a+)+$" },
      payload: `${"a".repeat(40)}!`,
    });
    const reply = await world.call("POST", "/v1/requests", { as: "agent", body });
    expect([codeOf(reply), reply.status]).toEqual(["SCHEMA_INVALID", 422]);
  });

  it("no value of a bad payload in the problem", async () => {
    const body = newRequest({
      payload: { sql: CANARY },
      schema: { properties: { sql: { const: "x" } } },
    });
    const reply = await world.call("POST", "/v1/requests", { as: "agent", body });
    expect(codeOf(reply)).toBe("PAYLOAD_INVALID");
    expect(JSON.stringify(reply.body)).not.toContain(CANARY);
  });
});

describe("encrypted requests", () => {
  const key = importEnvelopeKey("p8Gd3mXq0cVbL2sYtRkWn5uHfJzA7eQi9oPxN1vTg4E");
  const seal = async (requestId: string, field: "payload" | "patch", projectId = world.projectId) =>
    sealEnvelope({ sql: CANARY }, { projectId, requestId, field }, await key);
  const askSealed = async () => {
    const id = typeidUnboxed("req");
    return world.ask({ id, payload: await seal(id, "payload"), encrypted: true });
  };

  it("are taken in, and their patch too", async () => {
    const { id } = await askSealed();
    const patched_payload = await seal(id, "patch");
    const reply = await world.decide(id, { decision: "approve", revision: 1, patched_payload });
    expect(reply.body).toMatchObject({ status: "APPROVED_WITH_MODIFICATIONS", patched_payload });
    expect(reply.body).not.toHaveProperty("diff_summary");
  });

  it("refuse an envelope of another request, project or field", async () => {
    const id = typeidUnboxed("req");
    const wrong = [
      await seal(typeidUnboxed("req"), "payload"),
      await seal(id, "payload", world.foreignProjectId),
      await seal(id, "patch"),
      { ...(await seal(id, "payload")), iv: "short" },
      { ...(await seal(id, "payload")), more: "x" },
    ];
    for (const payload of wrong) {
      const body = newRequest({ id, payload, encrypted: true });
      const reply = await world.call("POST", "/v1/requests", { as: "agent", body });
      expect([codeOf(reply), reply.status]).toEqual(["ENVELOPE_INVALID", 422]);
    }
  });

  it("are refused when not marked as encrypted", async () => {
    const id = typeidUnboxed("req");
    const body = newRequest({ id, payload: await seal(id, "payload") });
    const reply = await world.call("POST", "/v1/requests", { as: "agent", body });
    expect(codeOf(reply)).toBe("ENVELOPE_INVALID");
  });

  it("refuse a plaintext patch, and one bound to the payload", async () => {
    const { id, payload } = await askSealed();
    const plain = { decision: "approve", revision: 1, patched_payload: { sql: CANARY } };
    const refused = await world.decide(id, plain);
    expect([codeOf(refused), refused.status]).toEqual(["PLAINTEXT_REFUSED", 422]);
    const moved = await world.decide(id, { ...plain, patched_payload: payload });
    expect([codeOf(moved), moved.status]).toEqual(["ENVELOPE_INVALID", 422]);
  });
});

describe("other places", () => {
  it.each([
    ["GET", "/v1/requests?limit=0", "VALIDATION_FAILED", "?limit"],
    ["GET", "/v1/requests?limit=101", "VALIDATION_FAILED", "?limit"],
    ["GET", "/v1/requests?search=%00", "VALIDATION_FAILED", "?search"],
    ["GET", "/v1/requests?status=DONE", "VALIDATION_FAILED", "?status"],
    ["GET", "/v1/requests?colour=red", "VALIDATION_FAILED", "?colour"],
    ["GET", "/v1/requests?order=newest&order=triage", "VALIDATION_FAILED", "?order"],
    ["GET", "/v1/requests?cursor=forged", "VALIDATION_FAILED", "?cursor"],
    ["GET", "/v1/requests?include=everything", "VALIDATION_FAILED", "?include"],
    ["GET", "/v1/me?x=1", "VALIDATION_FAILED", "?x"],
    ["GET", "/v1/requests/nonsense", "VALIDATION_FAILED", ":id"],
    ["GET", "/v1/requests/%F0%28%8C%BC", "VALIDATION_FAILED", ":id"],
    ["GET", `/v1/requests/${typeidUnboxed("req")}`, "REQUEST_NOT_FOUND", undefined],
    ["POST", `/v1/api-keys/${typeidUnboxed("key")}/revoke`, "RESOURCE_NOT_FOUND", undefined],
    ["DELETE", `/v1/operators/${typeidUnboxed("usr")}`, "RESOURCE_NOT_FOUND", undefined],
    ["GET", "/v1/nothing", "ROUTE_NOT_FOUND", undefined],
    ["GET", "/v2/requests", "ROUTE_NOT_FOUND", undefined],
    ["GET", "/auth/sign-up/email", "ROUTE_NOT_FOUND", undefined],
    ["POST", "/auth/sign-in/magic-link", "ROUTE_NOT_FOUND", undefined],
    ["PUT", "/v1/requests", "METHOD_NOT_ALLOWED", undefined],
    ["OPTIONS", "/v1/requests", "METHOD_NOT_ALLOWED", undefined],
  ] as const)("%s %s", async (method, path, code, place) => {
    const reply = await world.call(method, path, { as: "admin" });
    expect(codeOf(reply)).toBe(code);
    expect(reply.headers.get("x-trace-id")).toBe(reply.body.trace_id);
    if (place !== undefined) expect(reply.body.issues[0].path).toBe(place);
    if (code === "METHOD_NOT_ALLOWED") expect(reply.headers.get("allow")).toBe("POST, GET, HEAD");
  });

  it("two credentials: a bad key is refused though the cookie is good", async () => {
    const headers = { authorization: "Bearer nonsense", cookie: await world.signIn() };
    expect(codeOf(await world.call("GET", "/v1/me", { headers }))).toBe("CREDENTIAL_INVALID");
  });

  it("the last admin stays", async () => {
    const path = `/v1/operators/${world.adminId}`;
    const removed = await world.call("DELETE", path, { as: "admin" });
    const demoted = await world.call("PATCH", path, { as: "admin", body: { roles: ["viewer"] } });
    expect([codeOf(removed), codeOf(demoted)]).toEqual(["RESOURCE_CONFLICT", "RESOURCE_CONFLICT"]);
  });

  it("an operator who is in the project is not invited again", async () => {
    const body = { email: "ADA@example.com", roles: ["viewer"] };
    const reply = await world.call("POST", "/v1/operators", { as: "admin", body });
    expect(codeOf(reply)).toBe("RESOURCE_CONFLICT");
  });
});
