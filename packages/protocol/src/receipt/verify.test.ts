import { createHmac, sign } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { canonicalJson } from "../json.js";
import type { WireReceipt } from "../wire.js";
import { ReceiptError } from "./error.js";
import {
  approval,
  commit,
  digest,
  OTHER_PROJECT,
  PROJECT,
  receiptId,
  request,
} from "./fixtures/content.js";
import {
  createSigningKey,
  encode,
  jwks,
  logJwk,
  logKey,
  receiptJwk,
  receiptKey,
  signCheckpoint,
  signJws,
  signReceipt,
  trustedKeys,
  wireReceipt,
} from "./fixtures/log.js";
import { importTrustedKeys, type TrustedKeys } from "./keys.js";
import { RECEIPT_TYPE } from "./signature.js";
import { type VerifyReceiptOptions, verifyReceipt } from "./verify.js";

const log = Array.from({ length: 9 }, (_, index) => signReceipt(approval(index), receiptKey));
const good = wireReceipt(log, 5, logKey);
let keys: TrustedKeys;

beforeAll(async () => {
  keys = await trustedKeys;
});

async function refusalOf(
  receipt: unknown,
  options: Partial<VerifyReceiptOptions> = {},
): Promise<string> {
  try {
    await verifyReceipt(receipt, { keys, ...options });
    return "verified";
  } catch (error) {
    return error instanceof ReceiptError ? `${error.code}: ${error.fault}` : `threw ${error}`;
  }
}

/** The good receipt with another JWS, and a log that truly holds it. */
function signed(jws: string): WireReceipt {
  return wireReceipt(log.with(5, jws), 5, logKey, good.id);
}

function withLog(change: Partial<NonNullable<WireReceipt["log"]>>): WireReceipt {
  return { ...good, log: { ...(good.log as NonNullable<WireReceipt["log"]>), ...change } };
}

function flip(text: string, place: number): string {
  return text.slice(0, place) + (text[place] === "A" ? "B" : "A") + text.slice(place + 1);
}

const [header = "", payload = "", signature = ""] = good.jws.split(".");

describe("[P-VERIFY] a receipt", () => {
  test("verifies from itself and the keys alone", async () => {
    const verified = await verifyReceipt(good, { keys, projectId: PROJECT, subject: { request } });
    expect(verified.content).toEqual(approval(5));
    expect(verified.keyId).toBe(receiptKey.keyId);
    expect(verified.log).toMatchObject({ index: 5, checkpoint: { size: 9 } });
    expect(verified.digests).toEqual({
      compared: ["payload", "approved payload", "reason"],
      notCompared: [],
    });
  });

  test("verifies with other members of its history, at the edges of the log, in any size", async () => {
    for (const size of [1, 2, 3, 8, 9]) {
      for (const index of [0, size - 1]) {
        expect(await refusalOf(wireReceipt(log.slice(0, size), index, logKey))).toBe("verified");
      }
    }
    const run = signReceipt(commit(5), receiptKey);
    const execution = { id: "exe_01h5fskfsk4fpeqwnsyz5hj55t", result: { rows: 1 } };
    expect(await refusalOf(signed(run), { subject: { request, execution } })).toBe("verified");
    const system = {
      ...approval(5),
      type: "request.expired",
      actor: { type: "system", id: "clock" },
    };
    expect(await refusalOf(signed(signReceipt(system, receiptKey)))).toBe("verified");
  });

  test("of which nothing is in the log is refused, unless that is said to be enough", async () => {
    const { log: _log, ...unlogged } = good;
    expect(await refusalOf(unlogged)).toBe("RECEIPT_NOT_INCLUDED: not_logged");
    expect(await refusalOf(unlogged, { allowUnlogged: true })).toBe("verified");
    const { log: none } = await verifyReceipt(unlogged, { keys, allowUnlogged: true });
    expect(none).toBeUndefined();
  });

  test("says which digests had nothing to be compared with", async () => {
    const { payload: _, ...withoutPayload } = request;
    const { digests } = await verifyReceipt(good, { keys, subject: { request: withoutPayload } });
    expect(digests).toEqual({ compared: ["approved payload", "reason"], notCompared: ["payload"] });
    expect((await verifyReceipt(good, { keys })).digests.compared).toEqual([]);
  });
});

describe("[P-VERIFY] every part of the JWS", () => {
  test.each([
    ["header", header, "RECEIPT_MALFORMED"],
    ["payload", payload, "RECEIPT_SIGNATURE_INVALID"],
    ["signature", signature, "RECEIPT_SIGNATURE_INVALID"],
  ])("a flipped byte anywhere in the %s is noticed", async (name, part, code) => {
    const offset = good.jws.indexOf(part);
    const outcomes = new Set<string>();
    for (let place = 0; place < part.length; place += 1) {
      outcomes.add(await refusalOf({ ...good, jws: flip(good.jws, offset + place) }));
    }
    expect(outcomes).not.toContain("verified");
    const others = name === "header" ? ["RECEIPT_KEY_UNKNOWN"] : ["RECEIPT_MALFORMED"];
    for (const outcome of outcomes) expect([code, ...others]).toContain(outcome.split(":")[0]);
    expect([...outcomes].some((outcome) => outcome.startsWith(code))).toBe(true);
  });
});

describe("[P-VERIFY] every field", () => {
  const changes: Record<string, unknown> = {
    version: 2,
    id: receiptId(77),
    type: "request.rejected",
    project_id: OTHER_PROJECT,
    request_id: "req_01h5fskfsk4fpeqwnsyz5hj55v",
    agent_id: "agt_01h5fskfsk4fpeqwnsyz5hj55v",
    at: "2026-11-22T12:00:00.006Z",
    actor: { type: "operator", id: "usr_01h5fskfsk4fpeqwnsyz5hj55v", name: "Mallory" },
    service: "other",
    action: "other",
    priority: "low",
    status: "APPROVED",
    revision: 3,
    payload_digest: digest("other"),
    approved_digest: digest("other"),
    reason_digest: digest("other"),
  };

  test("is in the table", () => {
    expect(Object.keys(changes).sort()).toEqual(Object.keys(approval(5)).sort());
  });

  test.each(Object.entries(changes))(
    "%s, changed and written canonically again, breaks the signature",
    async (name, value) => {
      const changed = encode(canonicalJson({ ...approval(5), [name]: value }));
      expect(await refusalOf({ ...good, jws: `${header}.${changed}.${signature}` })).toBe(
        "RECEIPT_SIGNATURE_INVALID: bad_signature",
      );
    },
  );
});

describe("what a trusted key signed in a wrong form", () => {
  const text = canonicalJson(approval(5));
  const without = (name: string) => {
    const { [name]: _, ...rest } = approval(5) as unknown as Record<string, unknown>;
    return canonicalJson(rest);
  };
  const changed = (change: object) => canonicalJson({ ...approval(5), ...change });
  const { execution: run } = commit();

  test.each([
    ["JSON with spaces", JSON.stringify(approval(5), null, 1), "not_canonical"],
    [
      "members in another order",
      text.replace(/^\{("action":"run_sql"),(.*)\}$/, "{$2,$1}"),
      "not_canonical",
    ],
    ["a name twice", text.replace("{", '{"action":"run_sql",'), "not_canonical"],
    [
      "a name twice with another value",
      text.replace("{", '{"status":"REJECTED",'),
      "not_canonical",
    ],
    [
      "a number in another writing",
      text.replace('"revision":2', '"revision":2.0'),
      "not_canonical",
    ],
    ["an escape that need not be", text.replace("Ada", "\\u0041da"), "not_canonical"],
    ["no JSON", "approved!", "not_canonical"],
    ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0x22]), "not_canonical"],
    ["a byte order mark", `\ufeff${text}`, "not_canonical"],
    ["a list", "[]", "bad_content"],
    ["null", "null", "bad_content"],
    ["an unknown member", changed({ extra: true }), "bad_content"],
    ["a member named __proto__", text.replace("{", '{"__proto__":{"version":1},'), "bad_content"],
    ["another version", changed({ version: 2 }), "bad_content"],
    ["no version", without("version"), "bad_content"],
    ["no actor", without("actor"), "bad_content"],
    [
      "an actor with more",
      changed({ actor: { ...approval().actor, role: "admin" } }),
      "bad_content",
    ],
    ["an unknown type", changed({ type: "request.forgotten" }), "bad_content"],
    ["an unknown status", changed({ status: "MAYBE" }), "bad_content"],
    ["a time without milliseconds", changed({ at: "2026-11-22T12:00:00Z" }), "bad_content"],
    ["a day that is none", changed({ at: "2026-02-30T12:00:00.000Z" }), "bad_content"],
    ["an id of another kind", changed({ project_id: request.id }), "bad_content"],
    ["a digest in capitals", changed({ payload_digest: digest("x").toUpperCase() }), "bad_content"],
    ["null for an absent member", changed({ reason_digest: null }), "bad_content"],
    ["revision 0", changed({ revision: 0 }), "bad_content"],
    ["an execution with a request's event", changed({ execution: run }), "bad_content"],
    ["an execution's event without one", changed({ type: "execution.claimed" }), "bad_content"],
  ])("%s: RECEIPT_MALFORMED", async (_name, content, fault) => {
    const jws = typeof content === "string" ? signJws(content, receiptKey) : signBytes(content);
    expect(await refusalOf(signed(jws))).toBe(`RECEIPT_MALFORMED: ${fault}`);
  });

  test("each of them differs from what is accepted", async () => {
    expect(await refusalOf(signed(signJws(text, receiptKey)))).toBe("verified");
  });
});

/** `signJws` takes text; these bytes are none. */
function signBytes(bytes: Buffer): string {
  const marker = "payload";
  const template = signJws(marker, receiptKey);
  const input = `${template.split(".")[0]}.${bytes.toString("base64url")}`;
  return `${input}.${signInput(input)}`;
}

function signInput(input: string): string {
  return sign(null, Buffer.from(input), receiptKey.privateKey).toString("base64url");
}

describe("the header", () => {
  const base = { alg: "EdDSA", kid: receiptKey.keyId, typ: RECEIPT_TYPE };
  const resigned = (change: object) =>
    signJws(canonicalJson(approval(5)), receiptKey, { ...base, ...change });
  const unsigned = `${encode(canonicalJson({ ...base, alg: "none" }))}.${payload}.`;
  const hmacInput = `${encode(canonicalJson({ ...base, alg: "HS256" }))}.${payload}`;
  const hmac = createHmac("sha256", receiptKey.publicBytes).update(hmacInput).digest("base64url");

  test.each([
    ["alg none without a signature", unsigned],
    ["alg none with one", resigned({ alg: "none" })],
    ["HS256 with the public key for a secret", `${hmacInput}.${hmac}`],
    ["alg Ed25519", resigned({ alg: "Ed25519" })],
    ["another typ", resigned({ typ: "JWT" })],
    ["no typ", resigned({ typ: undefined })],
    ["a jwk of its own", resigned({ jwk: receiptJwk(receiptKey) })],
    ["crit", resigned({ crit: ["exp"], exp: 1 })],
    ["b64 false", resigned({ b64: false, crit: ["b64"] })],
    ["a kid that is no text", resigned({ kid: 7 })],
    [
      "another order",
      signWithHeaderText(`{"kid":"${receiptKey.keyId}","alg":"EdDSA","typ":"${RECEIPT_TYPE}"}`),
    ],
    ["a name twice", signWithHeaderText(canonicalJson(base).replace("{", '{"alg":"none",'))],
  ])("%s: RECEIPT_MALFORMED", async (_name, jws) => {
    expect(await refusalOf(signed(jws))).toBe("RECEIPT_MALFORMED: bad_header");
  });

  test.each([
    ["two parts", `${header}.${payload}`],
    ["four parts", `${good.jws}.AAAA`],
    ["padding", `${header}.${payload}.${signature}==`],
    ["a space", `${header} .${payload}.${signature}`],
    [
      "bits left over at the end",
      `${header}.${payload}.${signature.slice(0, -1)}${nextOf(signature)}`,
    ],
    ["nothing", ""],
    ["a JWS in JSON form", JSON.stringify({ protected: header, payload, signature })],
    ["more than a receipt can have", `${header}.${payload.repeat(100)}.${signature}`],
  ])("%s: RECEIPT_MALFORMED", async (_name, jws) => {
    expect(await refusalOf({ ...good, jws })).toBe("RECEIPT_MALFORMED: not_a_jws");
  });
});

function signWithHeaderText(headerText: string): string {
  const input = `${encode(headerText)}.${payload}`;
  return `${input}.${signInput(input)}`;
}

/** The neighbour in base64url: the same 64 bytes to a lenient reader. */
function nextOf(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(text.at(-1) as string) + 1] as string;
}

describe("keys", () => {
  const other = createSigningKey();

  test("one that is not trusted: RECEIPT_KEY_UNKNOWN", async () => {
    expect(await refusalOf(signed(signReceipt(approval(5), other)))).toBe(
      "RECEIPT_KEY_UNKNOWN: unknown_key",
    );
  });

  test("another one's signature under a trusted name: RECEIPT_SIGNATURE_INVALID", async () => {
    const header = { alg: "EdDSA", kid: receiptKey.keyId, typ: RECEIPT_TYPE };
    const jws = signJws(canonicalJson(approval(5)), other, header);
    expect(await refusalOf(signed(jws))).toBe("RECEIPT_SIGNATURE_INVALID: bad_signature");
  });

  test("a retired one counts up to its last moment, and no longer: RECEIPT_KEY_RETIRED", async () => {
    const retiredAt = (holdpoint_not_after: string) =>
      importTrustedKeys({
        keys: [receiptJwk(receiptKey, { holdpoint_not_after }), receiptJwk(other), logJwk(logKey)],
      });
    const { at } = approval(5);
    expect(await refusalOf(good, { keys: await retiredAt(at) })).toBe("verified");
    const before = new Date(Date.parse(at) - 1).toISOString();
    expect(await refusalOf(good, { keys: await retiredAt(before) })).toBe(
      "RECEIPT_KEY_RETIRED: retired_key",
    );
  });

  test("a log's key signs no receipts", async () => {
    expect(await refusalOf(signed(signReceipt(approval(5), logKey)))).toBe(
      "RECEIPT_KEY_UNKNOWN: unknown_key",
    );
  });

  test.each([
    ["no set", {}],
    ["no list", { keys: {} }],
    ["no receipt key", { keys: [logJwk(logKey)] }],
    ["a kid that is not the thumbprint", { keys: [receiptJwk(receiptKey, { kid: other.keyId })] }],
    ["an x of another length", { keys: [receiptJwk(receiptKey, { x: "AAAA" })] }],
    ["a private key", { keys: [receiptJwk(receiptKey, { d: "secret" })] }],
    ["a vkey of another key", { keys: [...jwks.keys, { ...logJwk(logKey), x: other.x }] }],
    [
      "a vkey that is none",
      { keys: [...jwks.keys, logJwk(logKey, undefined, { holdpoint_vkey: 1 })] },
    ],
    ["a time that is none", { keys: [receiptJwk(receiptKey, { holdpoint_not_after: "never" })] }],
  ])("%s is no set of trusted keys", async (_name, set) => {
    await expect(importTrustedKeys(set)).rejects.toThrow(TypeError);
  });

  test("keys of other kinds are passed over", async () => {
    const rsa = { kty: "RSA", n: "AQAB", e: "AQAB", holdpoint_purpose: "receipt" };
    const others = [rsa, { ...receiptJwk(other), holdpoint_purpose: "else" }];
    const set = await importTrustedKeys({ keys: [...others, ...jwks.keys] });
    expect([...set.receipts.keys()]).toEqual([receiptKey.keyId]);
  });
});

describe("the place in the log", () => {
  const place = good.log as NonNullable<WireReceipt["log"]>;
  const proof = place.inclusion_proof;
  const bad = "RECEIPT_NOT_INCLUDED: bad_proof";

  test.each([
    ["a truncated proof", withLog({ inclusion_proof: proof.slice(1) })],
    ["a proof without its last hash", withLog({ inclusion_proof: proof.slice(0, -1) })],
    ["an extra hash", withLog({ inclusion_proof: [...proof, proof[0] as string] })],
    ["hashes in another order", withLog({ inclusion_proof: [...proof].reverse() })],
    [
      "a changed hash",
      withLog({ inclusion_proof: [flip(proof[0] as string, 3), ...proof.slice(1)] }),
    ],
    ["a hash that is no base64", withLog({ inclusion_proof: [...proof, "?"] })],
    ["a hash of 31 bytes", withLog({ inclusion_proof: [...proof, "A".repeat(40)] })],
    ["no proof", withLog({ inclusion_proof: [] })],
    ["another index", withLog({ index: 4 })],
    ["an index beyond the log", withLog({ index: 9 })],
    ["a negative index", withLog({ index: -1 })],
    ["a broken index", withLog({ index: 5.5 })],
    ["an older checkpoint", withLog({ checkpoint: signCheckpoint(log, logKey, { size: 6 }) })],
    ["a log that dropped it", withLog({ checkpoint: signCheckpoint(log.toSpliced(5, 1), logKey) })],
    ["another receipt's place", { ...wireReceipt(log, 4, logKey), id: good.id, jws: good.jws }],
  ])("%s: RECEIPT_NOT_INCLUDED", async (_name, receipt) => {
    expect(await refusalOf(receipt)).toBe(bad);
  });

  test.each([
    ["signed by another key", signCheckpoint(log, createSigningKey()), "unknown_log_key"],
    [
      "of another origin",
      signCheckpoint(log, logKey, { origin: "other.example.com/log" }),
      "unknown_log_key",
    ],
    [
      "of another origin under our log's name",
      signCheckpoint(log, logKey, {
        origin: "other.example.com/log",
        name: "log.example.com/v1/log",
      }),
      "other_origin",
    ],
    ["with a changed size", place.checkpoint.replace("\n9\n", "\n8\n"), "bad_note_signature"],
    ["without a signature", place.checkpoint.split("\n\n")[0] as string, "not_a_note"],
    ["that is empty", "", "not_a_note"],
  ])("a checkpoint %s: CHECKPOINT_INVALID", async (_name, checkpoint, fault) => {
    expect(await refusalOf(withLog({ checkpoint }))).toBe(`CHECKPOINT_INVALID: ${fault}`);
  });

  test("under the vkey of another log: CHECKPOINT_INVALID", async () => {
    const set = { keys: [receiptJwk(receiptKey), logJwk(createSigningKey())] };
    expect(await refusalOf(good, { keys: await importTrustedKeys(set) })).toBe(
      "CHECKPOINT_INVALID: unknown_log_key",
    );
  });
});

describe("the file around it", () => {
  test.each([
    ["null", null],
    ["a list", [good]],
    ["text", JSON.stringify(good)],
    ["no jws", { id: good.id, log: good.log }],
    ["a jws that is no text", { ...good, jws: 1 }],
    ["keys of its own", { ...good, keys: jwks }],
    ["a log that is no object", { ...good, log: "yes" }],
    ["a log of null", { ...good, log: null }],
    ["a log with more", { ...good, log: { ...good.log, verified: true } }],
    ["an index that is text", withLog({ index: "5" as unknown as number })],
    ["a proof of numbers", withLog({ inclusion_proof: [1] as unknown as string[] })],
  ])("%s: RECEIPT_MALFORMED", async (_name, receipt) => {
    expect(await refusalOf(receipt)).toBe("RECEIPT_MALFORMED: not_a_receipt");
  });

  test("another id than the signed one: RECEIPT_MALFORMED", async () => {
    expect(await refusalOf({ ...good, id: receiptId(6) })).toBe("RECEIPT_MALFORMED: id_differs");
  });

  test("another project's: RECEIPT_PROJECT_WRONG", async () => {
    expect(await refusalOf(good, { projectId: OTHER_PROJECT })).toBe(
      "RECEIPT_PROJECT_WRONG: other_project",
    );
  });
});

describe("what it is about", () => {
  const execution = {
    id: "exe_01h5fskfsk4fpeqwnsyz5hj55t",
    request_id: request.id,
    result: { rows: 1 },
  };

  test.each([
    ["payload", { request: { ...request, payload: { sql: "DROP TABLE orders;" } } }],
    ["approved payload", { request: { ...request, patched_payload: { sql: "SELECT 2;" } } }],
    ["reason", { request: { ...request, reason: "Go ahead." } }],
    ["result", { request, execution: { ...execution, result: { rows: 2 } } }],
    ["request.id", { request: { ...request, id: "req_01h5fskfsk4fpeqwnsyz5hj55v" } }],
    ["request.project_id", { request: { ...request, project_id: OTHER_PROJECT } }],
    ["request.agent.id", { request: { ...request, agent: { id: "agt_x", name: "x" } } }],
    ["request.service", { request: { ...request, service: "other" } }],
    ["request.action", { request: { ...request, action: "other" } }],
    ["request.priority", { request: { ...request, priority: "low" as const } }],
    ["execution.id", { execution: { ...execution, id: "exe_other" } }],
    ["execution.request_id", { execution: { ...execution, request_id: "req_other" } }],
  ])("another %s: RECEIPT_DIGEST_WRONG", async (field, subject) => {
    const receipt = signed(signReceipt(commit(5), receiptKey));
    await expect(verifyReceipt(receipt, { keys, subject })).rejects.toMatchObject({
      name: "ReceiptError",
      code: "RECEIPT_DIGEST_WRONG",
      fault: "content_differs",
      field,
    });
  });

  test.each([
    ["result", "execution.committed", { execution }],
    ["error", "execution.failed", { execution: { id: execution.id, error: "no" } }],
    ["evidence", "execution.committed", { execution: { id: execution.id, evidence: "seen" } }],
    ["reason", "request.rejected", { request }],
  ] as const)(
    "a %s that %s does not know of: RECEIPT_DIGEST_WRONG",
    async (field, type, subject) => {
      const { reason_digest: _, execution: run, ...content } = commit(5);
      const { result_digest: __, ...bare } = run ?? {};
      const isRun = type.startsWith("execution.");
      const signedContent = { ...content, type, ...(isRun && { execution: bare }) };
      const receipt = signed(signReceipt(signedContent, receiptKey));
      await expect(verifyReceipt(receipt, { keys, subject })).rejects.toMatchObject({
        code: "RECEIPT_DIGEST_WRONG",
        field,
      });
      const earlier = isRun ? "execution.claimed" : "request.created";
      const begun = signed(signReceipt({ ...signedContent, type: earlier }, receiptKey));
      expect(await refusalOf(begun, { subject })).toBe("verified");
    },
  );

  test("a payload asked before there were digests is not held against the receipt of its run", async () => {
    const { payload_digest: _, ...older } = commit(5);
    const receipt = signed(signReceipt(older, receiptKey));
    expect(await refusalOf(receipt, { subject: { request, execution } })).toBe("verified");
  });

  test("without an edit, what was approved is the payload", async () => {
    const plain = { ...approval(5), approved_digest: digest(request.payload) };
    const { patched_payload: _, ...unedited } = request;
    const receipt = signed(signReceipt(plain, receiptKey));
    expect(await refusalOf(receipt, { subject: { request: unedited } })).toBe("verified");
    expect(await refusalOf(receipt, { subject: { request } })).toBe(
      "RECEIPT_DIGEST_WRONG: content_differs",
    );
  });
});
