import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../limits.js";
import {
  createRequestSchema,
  decisionSchema,
  getRequestSchema,
  jsonValue,
  lineSchema,
  listRequestsSchema,
  roleSchema,
} from "./index.js";

const body = {
  id: "req_01h5fskfsk4fpeqwnsyz5hj55t",
  service: "db-agent",
  action: "run_sql",
  payload: { sql: "DROP TABLE orders" },
};

describe("lineSchema", () => {
  const line = lineSchema(20);
  test.each([["db-agent"], ["Zoë's agent"], ["👩‍👩‍👧 crew"], ["می‌خواهم"], ["שלום"], ["支払い"]])(
    "takes %j",
    (text) => {
      expect(line.parse(text)).toBe(text);
    },
  );

  test("trims", () => {
    expect(line.parse("  db-agent\n")).toBe("db-agent");
  });

  test.each([
    ["nothing", ""],
    ["only spaces", "  \u3000 "],
    ["a line break", "a\nb"],
    ["a Unicode line separator", "a\u2028b"],
    ["a NUL", "a\0b"],
    ["a terminal escape", "a\u001b[2Jb"],
    ["a C1 control", "a\u009bb"],
    ["a right-to-left override", "a\u202etxt.exe"],
    ["an isolate", "a\u2066b"],
    ["a direction mark", "a\u200fb"],
    ["a zero-width space", "refund\u200b-agent"],
    ["a soft hyphen", "refund\u00adagent"],
    ["a word joiner", "refund\u2060agent"],
    ["a byte order mark inside", "a\ufeffb"],
    ["a tag character", "a\u{e0041}b"],
    ["half a surrogate pair", "a\ud83db"],
    ["more than the limit", "x".repeat(21)],
  ])("refuses %s", (_name, text) => {
    expect(line.safeParse(text).success).toBe(false);
  });
});

describe("jsonValue", () => {
  const deep = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as unknown;

  test("counts UTF-8 bytes", () => {
    expect(jsonValue(8).safeParse("äää").success).toBe(true);
    expect(jsonValue(7).safeParse("äää").success).toBe(false);
  });

  test("bounds nesting, however deep", () => {
    const schema = jsonValue(LIMITS.bodyBytes);
    expect(schema.safeParse(deep(LIMITS.jsonDepth)).success).toBe(true);
    expect(schema.safeParse(deep(LIMITS.jsonDepth + 1)).success).toBe(false);
    expect(schema.safeParse(deep(300_000)).success).toBe(false);
  });

  test("refuses nothing at all, and half a surrogate pair in keys or values", () => {
    for (const value of [undefined, "\ud800", { "\ud800": 1 }, [["\udc00"]]]) {
      expect(jsonValue(100).safeParse(value).success).toBe(false);
    }
  });

  test("takes every JSON value as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonValue(LIMITS.payloadBytes).parse(value)).toBe(value);
      }),
    );
  });
});

describe("createRequestSchema", () => {
  test("takes the least and the most", () => {
    expect(createRequestSchema.parse(body)).toEqual(body);
    expect(createRequestSchema.safeParse({ ...body, payload: null }).success).toBe(true);
    expect(
      createRequestSchema.safeParse({ ...body, timeout_ms: LIMITS.maxTimeoutMs }).success,
    ).toBe(true);
  });

  test.each([
    ["an unknown field", { approved: true }],
    ["a field named __proto__", JSON.parse('{"__proto__":{"approved":true}}') as object],
    ["a status", { status: "APPROVED" }],
    ["no payload", { payload: undefined }],
    ["another kind of id", { id: "prj_01h5fskfsk4fpeqwnsyz5hj55t" }],
    ["a timeout below a second", { timeout_ms: LIMITS.minTimeoutMs - 1 }],
    ["a timeout above 30 days", { timeout_ms: LIMITS.maxTimeoutMs + 1 }],
    ["a fractional timeout", { timeout_ms: 1_000.5 }],
    ["a timeout as text", { timeout_ms: "60000" }],
    ["an unknown priority", { priority: "urgent" }],
    ["a schema that is no object", { schema: [] }],
    ["metadata that is no object", { metadata: "x" }],
    ["a skeleton hash in upper case", { skeleton_hash: "A".repeat(64) }],
    ["a role with a space", { role: "finance team" }],
    ["encrypted as text", { encrypted: "true" }],
    ["a service of 101 characters", { service: "x".repeat(LIMITS.serviceLength + 1) }],
  ])("refuses %s", (_name, change) => {
    const changed = Object.defineProperties({ ...body }, Object.getOwnPropertyDescriptors(change));
    expect(createRequestSchema.safeParse(changed).success).toBe(false);
  });
});

describe("decisionSchema", () => {
  test.each([
    ["no revision", { decision: "approve" }],
    ["revision 0", { decision: "approve", revision: 0 }],
    ["an unknown decision", { decision: "maybe", revision: 1 }],
    ["a rejection with a patch", { decision: "reject", revision: 1, patched_payload: {} }],
    ["an unknown field", { decision: "approve", revision: 1, grant: true }],
    [
      "a reason beyond the limit",
      { decision: "reject", revision: 1, reason: "x".repeat(LIMITS.reasonLength + 1) },
    ],
  ])("refuses %s", (_name, decision) => {
    expect(decisionSchema.safeParse(decision).success).toBe(false);
  });
});

describe("queries", () => {
  test("a list of statuses is separated by commas", () => {
    expect(listRequestsSchema.parse({ status: "PENDING,APPROVED" }).status).toEqual([
      "PENDING",
      "APPROVED",
    ]);
    expect(listRequestsSchema.safeParse({ status: "PENDING,DONE" }).success).toBe(false);
    expect(listRequestsSchema.safeParse({ status: "" }).success).toBe(false);
  });

  test.each([
    [{ limit: "0" }],
    [{ limit: "101" }],
    [{ limit: "x" }],
    [{ colour: "red" }],
    [{ order: "oldest" }],
  ])("refuses %j", (query) => {
    expect(listRequestsSchema.safeParse(query).success).toBe(false);
  });

  test("a wait is bounded", () => {
    expect(getRequestSchema.parse({ wait_ms: "30000" })).toEqual({ wait_ms: LIMITS.maxWaitMs });
    for (const wait of ["30001", "-1", "1.5", "NaN", "soon"]) {
      expect(getRequestSchema.safeParse({ wait_ms: wait }).success).toBe(false);
    }
  });
});

test.each([
  ["finance", true],
  ["a-b_2", true],
  ["Finance", false],
  ["2fa", false],
  ["", false],
  ["a b", false],
])("role %j is valid: %s", (role, valid) => {
  expect(roleSchema.safeParse(role).success).toBe(valid);
});
