import { LIMITS } from "@holdpoint/protocol";
import { importEnvelopeKey, sealEnvelope } from "@holdpoint/protocol/envelope";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Credentials, codeOf, World } from "../testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());
beforeEach(() => remove({ prefix: "k" }));

type As = keyof Credentials;

const put = (records: readonly object[], as: As = "agent") =>
  world.call("POST", "/v1/records", { as, body: { records } });
const list = (query: Record<string, string> = {}, as: As = "agent") =>
  world.call("GET", `/v1/records?${new URLSearchParams(query)}`, { as });
const remove = (query: Record<string, string>, as: As = "agent") =>
  world.call("DELETE", `/v1/records?${new URLSearchParams(query)}`, { as });

/** What a client with a key sends for this key of a record, field and project. */
async function seal(value: string, place: object = {}) {
  const key = await importEnvelopeKey(Buffer.alloc(32, 7).toString("base64url"));
  const { projectId } = world;
  const binding = { projectId, requestId: "k", field: "record", ...place } as const;
  return sealEnvelope(value, binding, key);
}

describe("[P-RECORDS] records", () => {
  it("are put together, found by key and listed in order", async () => {
    const reply = await put([
      { key: "k/2", value: { step: 2 } },
      { key: "k/1", value: null },
    ]);
    expect(reply).toMatchObject({ status: 204, body: "" });
    expect((await list({ key: "k/2" })).body).toEqual({
      data: [{ key: "k/2", value: { step: 2 }, encrypted: false, updated_at: expect.any(String) }],
      next_cursor: null,
    });
    expect((await list({ key: "k/3" })).body).toEqual({ data: [], next_cursor: null });
    expect(codeOf(await list({ key: "k/2", prefix: "k" }))).toBe("VALIDATION_FAILED");
    const page = await list({ prefix: "k", limit: "1" });
    expect(page.body.data).toMatchObject([{ key: "k/1", value: null }]);
    const next = await list({ prefix: "k", limit: "1", cursor: page.body.next_cursor });
    expect(next.body).toMatchObject({ data: [{ key: "k/2" }], next_cursor: null });
  });

  it("of names that a URL would change are found as they are", async () => {
    const keys = [".", "..", "k/../k", "k?a=b&c#d", "k%2F", "k+1", "k 1", "k/😀"];
    await put(keys.map((key) => ({ key, value: key })));
    for (const key of keys) {
      expect((await list({ key })).body.data).toMatchObject([{ key, value: key }]);
      await remove({ key });
      expect((await list({ key })).body.data).toEqual([]);
    }
  });

  it("come in pages of about a mebibyte", async () => {
    const value = "x".repeat(400_000);
    for (const key of ["k1", "k2", "k3", "k4"]) await put([{ key, value }]);
    const page = await list();
    expect(page.body.data).toHaveLength(3);
    expect((await list({ cursor: page.body.next_cursor })).body.data).toHaveLength(1);
  });

  it("go by key or by prefix, and not without either", async () => {
    await put([
      { key: "k", value: 1 },
      { key: "k/1", value: 1 },
    ]);
    for (const query of [{}, { prefix: "" }, { key: "k", prefix: "k" }]) {
      expect(codeOf(await remove(query as Record<string, string>))).toBe("VALIDATION_FAILED");
    }
    expect(await remove({ key: "k" })).toMatchObject({ status: 204 });
    expect((await list({ prefix: "k" })).body.data).toMatchObject([{ key: "k/1" }]);
    expect(await remove({ prefix: "k" })).toMatchObject({ status: 204 });
    expect((await list({ prefix: "k" })).body.data).toEqual([]);
  });

  it("belong to the agent that put them, and no operator reads them", async () => {
    await put([{ key: "k", value: "mine" }]);
    for (const as of ["otherAgent", "foreignAgent"] as const) {
      expect((await list({ key: "k" }, as)).body.data).toEqual([]);
      expect((await list({ prefix: "k" }, as)).body.data).toEqual([]);
      await put([{ key: "k", value: "theirs" }], as);
      await remove({ prefix: "k" }, as);
    }
    expect(codeOf(await list({ key: "k" }, "admin"))).toBe("PERMISSION_DENIED");
    expect((await list({ key: "k" })).body.data).toMatchObject([{ value: "mine" }]);
  });

  it.each([
    ["no entry", [], "VALIDATION_FAILED", "/records"],
    [
      "too many",
      Array.from({ length: LIMITS.recordsPerCall + 1 }, (_, index) => ({
        key: `k${index}`,
        value: 1,
      })),
      "VALIDATION_FAILED",
      "/records",
    ],
    ["an empty key", [{ key: "", value: 1 }], "VALIDATION_FAILED", "/records/0/key"],
    ["an unseen sign", [{ key: "k\u200b", value: 1 }], "VALIDATION_FAILED", "/records/0/key"],
    [
      "a long key",
      [{ key: "k".repeat(LIMITS.recordKeyBytes + 1), value: 1 }],
      "VALIDATION_FAILED",
      "/records/0/key",
    ],
    ["no value", [{ key: "k" }], "VALIDATION_FAILED", "/records/0/value"],
    [
      "a key twice",
      [
        { key: "k", value: 1 },
        { key: "k", value: 2 },
      ],
      "VALIDATION_FAILED",
      "/records/1/key",
    ],
    [
      "a large value",
      [{ key: "k", value: "x".repeat(LIMITS.recordBytes - 1) }],
      "PAYLOAD_TOO_LARGE",
      "/records/0/value",
    ],
    [
      "plaintext marked as encrypted",
      [{ key: "k", value: 1, encrypted: true }],
      "ENVELOPE_INVALID",
      "/records/0/value",
    ],
  ])("are refused with %s, all of the call", async (_name, records, code, path) => {
    const reply = await put([...records]);
    expect(codeOf(reply)).toBe(code);
    expect(reply.body.issues[0].path).toBe(path);
    expect((await list({ prefix: "k" })).body.data).toEqual([]);
  });

  it("keep the largest value and key there may be", async () => {
    const key = "k".repeat(LIMITS.recordKeyBytes);
    const value = "x".repeat(LIMITS.recordBytes - 2);
    expect(await put([{ key, value }])).toMatchObject({ status: 204 });
    expect((await list({ key })).body.data[0].value).toBe(value);
  });
});

describe("[G6] an encrypted record", () => {
  it("is kept as it came, the largest too", async () => {
    const value = await seal("x".repeat(LIMITS.recordBytes - 2));
    expect(await put([{ key: "k", value, encrypted: true }])).toMatchObject({ status: 204 });
    expect((await list({ key: "k" })).body.data).toMatchObject([{ value, encrypted: true }]);
  });

  it.each([
    ["another key", { requestId: "k2" }],
    ["another field", { field: "payload" }],
    ["another project", { projectId: "prj_01h455vb4pex5vsknk084sn02q" }],
  ])("is refused when bound to %s", async (_name, place) => {
    const reply = await put([{ key: "k", value: await seal("x", place), encrypted: true }]);
    expect(codeOf(reply)).toBe("ENVELOPE_INVALID");
  });

  it("is refused when nothing says that it is one", async () => {
    const reply = await put([{ key: "k", value: await seal("x") }]);
    expect(codeOf(reply)).toBe("ENVELOPE_INVALID");
    expect(reply.body.issues[0].path).toBe("/records/0/encrypted");
  });
});
