import type { WireRecord } from "@holdpoint/protocol";
import { describe, expect, test } from "vitest";
import { Cipher } from "../encryption/cipher.js";
import { DecryptionError } from "../errors/encryption.js";
import { InvalidResponseError } from "../errors/response.js";
import { ValidationError } from "../errors/validation.js";
import { Holdpoint } from "../holdpoint.js";
import { API_KEY, BASE_URL, KEY, OTHER_KEY, PROJECT_ID } from "../test-kit/fixtures.js";
import { type Reply, scriptFetch } from "../test-kit/scripted-fetch.js";

const DONE = new Response(null, { status: 204 });
const AT = "2026-11-22T09:30:00.000Z";

function connect(replies: readonly Reply[], options: object = {}) {
  const { calls, fetch } = scriptFetch(...replies);
  const hp = new Holdpoint({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, ...options });
  const lines = () => calls.map(({ method, url }) => `${method} ${url.pathname}${url.search}`);
  return { calls, records: hp.records, lines };
}

function page(...records: Partial<WireRecord>[]): object {
  const data = records.map((record) => ({
    key: "k",
    value: 1,
    encrypted: false,
    updated_at: AT,
    ...record,
  }));
  return { data, next_cursor: null };
}

describe("records.put", () => {
  test("sends all entries in one call, and writes into none", async () => {
    const { calls, records, lines } = connect([DONE]);
    const entries = Object.freeze([
      Object.freeze({ key: "a", value: Object.freeze({ step: 1 }) }),
      Object.freeze({ key: "b", value: null, ifAbsent: true }),
    ]);
    expect(await records.put(entries as never)).toBeUndefined();
    expect(lines()).toEqual(["POST /v1/records"]);
    expect(JSON.parse(calls[0]?.body ?? "")).toEqual({
      records: [
        { key: "a", value: { step: 1 } },
        { key: "b", value: null, if_absent: true },
      ],
    });
  });

  test.each([[{ ok: true }], [new Response("<html>")]])(
    "takes no other answer for one without content",
    async (reply) => {
      const { records } = connect([reply]);
      const put = records.put([{ key: "a", value: 1 }]);
      await expect(put).rejects.toBeInstanceOf(InvalidResponseError);
      await expect(records.delete({ key: "a" })).rejects.toBeInstanceOf(InvalidResponseError);
    },
  );

  test("of nothing calls nobody", async () => {
    const { calls, records } = connect([DONE]);
    await records.put([]);
    expect(calls).toEqual([]);
  });

  test.each<[string, object]>([
    ["an empty key", { key: "", value: 1 }],
    ["half a pair in a key", { key: "a\ud800", value: 1 }],
    ["a line break in a key", { key: "a\n", value: 1 }],
    ["a key too long", { key: "😀".repeat(257), value: 1 }],
    ["no value", { key: "a" }],
    ["a value that is no JSON", { key: "a", value: new Map() }],
    ["a value too large", { key: "a", value: "x".repeat(524_287) }],
  ])("refuses %s before anything is sent", async (_name, entry) => {
    const { calls, records } = connect([DONE]);
    const refused = records.put([{ key: "fine", value: 1 }, entry as never]);
    await expect(refused).rejects.toBeInstanceOf(ValidationError);
    await expect(refused).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    expect(calls).toEqual([]);
  });
});

describe("records.get", () => {
  test("finds a value of any kind, null too, or nothing", async () => {
    const { records, lines } = connect([page({ key: "a/b ?&#%😀", value: null }), page()]);
    expect(await records.get("a/b ?&#%😀")).toBeNull();
    expect(await records.get("b")).toBeUndefined();
    expect(lines()[0]).toBe("GET /v1/records?key=a%2Fb+%3F%26%23%25%F0%9F%98%80");
  });

  test("refuses another record than was asked for", async () => {
    const { records } = connect([page({ key: "other" })]);
    await expect(records.get("k")).rejects.toBeInstanceOf(InvalidResponseError);
  });
});

describe("records.list", () => {
  test("passes on every bound, and gives keys with their values", async () => {
    const found = { ...page({ key: "p/1", value: [1] }), next_cursor: "c2" };
    const { records, lines } = connect([found]);
    const query = { prefix: "p/", order: "descending", before: "p/9", after: "p/0" } as const;
    expect(await records.list({ ...query, limit: 7, cursor: "c1" })).toEqual({
      data: [{ key: "p/1", value: [1], updatedAt: AT }],
      nextCursor: "c2",
    });
    expect(lines()).toEqual([
      "GET /v1/records?prefix=p%2F&before=p%2F9&after=p%2F0&limit=7&order=descending&cursor=c1",
    ]);
  });

  test.each([
    ["text", "hello"],
    ["no list", { next_cursor: null }],
    ["no cursor", { data: [] }],
    ["a record without a value", page({ value: undefined as never })],
    ["a record that does not say whether it is encrypted", page({ encrypted: 1 as never })],
    ["a record that was not asked for", page({ key: "q" })],
  ])("refuses an answer with %s", async (_name, answer) => {
    const { records } = connect([Response.json(answer)]);
    await expect(records.list({ prefix: "k" })).rejects.toBeInstanceOf(InvalidResponseError);
  });

  test("refuses bounds that cannot travel", async () => {
    const { calls, records } = connect([page()]);
    for (const wrong of [{ prefix: "\ud800" }, { before: "" }, { after: "a\n" }, { limit: 101 }]) {
      await expect(records.list(wrong)).rejects.toBeInstanceOf(ValidationError);
    }
    expect(calls).toEqual([]);
  });
});

describe("records.delete", () => {
  test("takes a key or a prefix, exactly one, and not nothing", async () => {
    const { records, lines } = connect([DONE]);
    await records.delete({ key: "a/1" });
    await records.delete({ prefix: "a/" });
    expect(lines()).toEqual(["DELETE /v1/records?key=a%2F1", "DELETE /v1/records?prefix=a%2F"]);
    for (const wrong of [{}, { prefix: "" }, { key: "" }, { key: "a", prefix: "a" }]) {
      await expect(records.delete(wrong as never)).rejects.toBeInstanceOf(ValidationError);
    }
    expect(lines()).toHaveLength(2);
  });
});

describe("records under a client's key", () => {
  const cipher = new Cipher(PROJECT_ID, [KEY]);
  const sealed = (value: string, key = "k", field: "record" | "payload" = "record") =>
    cipher.seal(value, key, field);
  const get = (record: Partial<WireRecord>, options: object = { encryptionKey: KEY }) =>
    connect([page({ encrypted: true, ...record })], options).records.get("k");

  test("[G6] leave as ciphertext, and come back in clear", async () => {
    const { calls, records } = connect([DONE], { encryptionKey: KEY });
    await records.put([{ key: "k", value: { name: "canary" } }]);
    const body = calls[0]?.body ?? "";
    expect(body).not.toContain("canary");
    const [entry] = JSON.parse(body).records;
    expect(entry).toMatchObject({ key: "k", encrypted: true });
    expect(await get({ value: entry.value })).toEqual({ name: "canary" });
    const answer = page(entry);
    const open = connect([answer], { encryptionKey: [OTHER_KEY, KEY] }).records.list();
    expect((await open).data).toEqual([{ key: "k", value: { name: "canary" }, updatedAt: AT }]);
  });

  test.each<[string, () => Promise<Partial<WireRecord>>, object, string]>([
    ["moved from another key", async () => ({ value: await sealed("x", "k2") }), {}, "FAILED"],
    [
      "moved from another field",
      async () => ({ value: await sealed("x", "k", "payload") }),
      {},
      "FAILED",
    ],
    [
      "moved from another project",
      async () => ({
        value: await new Cipher("prj_01h455vb4pex5vsknk084sn02r", [KEY]).seal("x", "k", "record"),
      }),
      {},
      "FAILED",
    ],
    [
      "changed",
      async () => ({ value: { ...((await sealed("x")) as object), tag: "A".repeat(22) } as never }),
      {},
      "FAILED",
    ],
    [
      "sealed with a key that is not set",
      async () => ({ value: await sealed("x") }),
      { encryptionKey: OTHER_KEY },
      "KEY_MISSING",
    ],
    [
      "encrypted, where no key is set",
      async () => ({ value: await sealed("x") }),
      { encryptionKey: undefined },
      "KEY_MISSING",
    ],
  ])("[G4] do not open when %s", async (_name, record, options, fault) => {
    const opened = get(await record(), { encryptionKey: KEY, ...options });
    await expect(opened).rejects.toBeInstanceOf(DecryptionError);
    const about = { code: `DECRYPTION_${fault}`, requestId: undefined };
    await expect(opened).rejects.toMatchObject(about);
  });

  test("[G4] refuse plaintext where ciphertext is due", async () => {
    for (const encrypted of [false, true]) {
      const opened = get({ encrypted, value: "plain" });
      await expect(opened).rejects.toBeInstanceOf(DecryptionError);
      const code = encrypted ? "DECRYPTION_FAILED" : "PLAINTEXT_REFUSED";
      await expect(opened).rejects.toMatchObject({ code });
    }
  });
});
