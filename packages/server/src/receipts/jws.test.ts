import { canonicalJson } from "@holdpoint/protocol";
import fc from "fast-check";
import { calculateJwkThumbprint, compactVerify, importJWK, type JWK } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { RequestEvent } from "../domain/event.js";
import { receiptContentOf, writeContent } from "./content.js";
import { signReceipt } from "./jws.js";
import { drawSigningKey, openSigner } from "./signing-key.js";

const drawn = drawSigningKey();
const signer = openSigner(drawn);
const jwk = {
  kty: "OKP",
  crv: "Ed25519",
  x: Buffer.from(drawn.publicKey).toString("base64url"),
} satisfies JWK;
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

const event: RequestEvent = {
  id: "evt_01h455vb4pex5vsknk084sn02q",
  projectId: "prj_01h455vb4pex5vsknk084sn02q",
  requestId: "req_01h455vb4pex5vsknk084sn02q",
  agentId: "agt_01h455vb4pex5vsknk084sn02q",
  type: "execution.committed",
  at: 1_767_225_600_000,
  actor: {
    type: "agent",
    id: "agt_01h455vb4pex5vsknk084sn02q",
    name: 'Zoë \u2028 \u0007 "bot" 🧾',
  },
  service: "billing",
  action: "refund",
  priority: "medium",
  status: "APPROVED_WITH_MODIFICATIONS",
  revision: 2,
  payloadDigest: digest("1"),
  approvedDigest: digest("2"),
  execution: {
    id: "exe_01h455vb4pex5vsknk084sn02q",
    fencingToken: 3,
    reconciled: true,
    resultDigest: digest("3"),
    evidenceDigest: digest("4"),
  },
};

describe("a receipt", () => {
  let key: Awaited<ReturnType<typeof importJWK>>;
  beforeAll(async () => {
    key = await importJWK(jwk, "EdDSA");
  });

  it("verifies with jose, under the thumbprint of its key", async () => {
    const jws = signReceipt(signer, receiptContentOf(event));
    const { payload, protectedHeader } = await compactVerify(jws, key);
    expect(protectedHeader).toEqual({
      alg: "EdDSA",
      kid: await calculateJwkThumbprint(jwk),
      typ: "holdpoint-receipt+jws",
    });
    expect(Buffer.from(payload).toString("utf8")).toBe(canonicalJson(receiptContentOf(event)));
  });

  it("is canonical whatever an event says, and does not exist for half a character", () => {
    const unit = fc.constantFrom(...'aud8"\\/<\u0000\b\n\u001f\u007f\u2028é€\ufeff🧾');
    const text = fc.string({ unit });
    const digests = fc.option(fc.constant(digest("5")), { nil: undefined });
    fc.assert(
      fc.property(text, text, digests, digests, digests, (name, action, one, two, three) => {
        const { payloadDigest, approvedDigest, execution, ...rest } = event;
        const changed = {
          ...rest,
          action,
          actor: { type: "operator", id: "usr_1", name },
          ...(one && { payloadDigest: one }),
          ...(two && { reasonDigest: two, approvedDigest: two }),
          ...(three && { execution: { id: "exe_1", fencingToken: 1, errorDigest: three } }),
        } as const;
        const content = receiptContentOf(changed);
        expect(writeContent(content)).toBe(canonicalJson(content));
      }),
    );
    for (const action of ["\ud800", "a\udc00", "\\\ud800"]) {
      expect(() => writeContent(receiptContentOf({ ...event, action }))).toThrow(TypeError);
    }
    const literal = receiptContentOf({ ...event, action: "\\ud800" });
    expect(writeContent(literal)).toBe(canonicalJson(literal));
  });

  it("has a canonical header too", () => {
    const [header = ""] = signReceipt(signer, receiptContentOf(event)).split(".");
    const text = Buffer.from(header, "base64url").toString("utf8");
    expect(text).toBe(canonicalJson(JSON.parse(text)));
  });

  it("says all that the event says, and has no members without a value", () => {
    expect(receiptContentOf(event)).toEqual({
      version: 1,
      id: "rcp_01h455vb4pex5vsknk084sn02q",
      type: "execution.committed",
      project_id: event.projectId,
      request_id: event.requestId,
      agent_id: event.agentId,
      at: "2026-01-01T00:00:00.000Z",
      actor: event.actor,
      service: "billing",
      action: "refund",
      priority: "medium",
      status: "APPROVED_WITH_MODIFICATIONS",
      revision: 2,
      payload_digest: digest("1"),
      approved_digest: digest("2"),
      execution: {
        id: "exe_01h455vb4pex5vsknk084sn02q",
        fencing_token: 3,
        reconciled: true,
        result_digest: digest("3"),
        evidence_digest: digest("4"),
      },
    });
    const { payloadDigest, approvedDigest, execution, ...bare } = event;
    const members = Object.values(
      receiptContentOf({ ...bare, actor: { type: "system", id: "x" } }),
    );
    expect(members).not.toContain(undefined);
    expect(members).not.toContain(null);
  });

  it("is refused with any character of it changed", async () => {
    const jws = signReceipt(signer, receiptContentOf(event));
    for (let place = 0; place < jws.length; place += 41) {
      const other = jws[place] === "A" ? "B" : "A";
      const changed = `${jws.slice(0, place)}${other}${jws.slice(place + 1)}`;
      await expect(compactVerify(changed, key)).rejects.toThrow();
    }
  });
});
