import { describe, expect, test } from "vitest";
import { receiptJwk } from "../receipt/fixtures/log.js";
import { importTrustedKeys } from "../receipt/keys.js";
import { EscrowError, type EscrowFault } from "./error.js";
import {
  ann,
  attest,
  ben,
  cat,
  digestOf,
  envelope,
  id,
  next,
  open,
  opening,
  PROJECT,
  plane,
  result,
  sign,
  stepDigest,
  stranger,
  terms,
  trust,
  whole,
} from "./fixtures/escrow.js";
import { verifyEscrow } from "./verify.js";

async function faultOf(value: unknown, options: object = {}): Promise<EscrowFault | "none"> {
  try {
    await verifyEscrow(value, { keys: await trust(), ...options });
    return "none";
  } catch (error) {
    expect(error).toBeInstanceOf(EscrowError);
    return (error as EscrowError).fault;
  }
}

describe("[G7] an escrow verifies offline", () => {
  test("from opening to release, and says what was proved", async () => {
    const steps = whole();
    const verified = await verifyEscrow(envelope(steps), {
      keys: await trust(),
      projectId: PROJECT,
      subject: { terms, result },
    });
    expect(verified).toEqual({
      opening: opening(),
      openDigest: stepDigest(steps[0]),
      stage: "RELEASED",
      resultDigest: digestOf(result),
      steps: [
        { type: "open", signedBy: opening().payer, digest: stepDigest(steps[0]) },
        { type: "fulfil", signedBy: opening().payee, digest: stepDigest(steps[1]) },
        { type: "release", signedBy: opening().payer, digest: stepDigest(steps[2]) },
      ],
      attestations: [ann, ben].map(({ agentId, key }) => ({
        keyId: key.keyId,
        agentId,
        at: "2026-11-22T09:00:00.000Z",
        attestedBy: plane.keyId,
      })),
      compared: ["terms", "result"],
    });
  });

  test.each([
    ["OPEN", () => [open()]],
    ["FULFILLED", () => whole().slice(0, 2)],
    ["DISPUTED", () => [open(), next("dispute", open(), ann)]],
    ["DISPUTED", () => [open(), next("dispute", open(), ben)]],
    ["DISPUTED", () => [...whole().slice(0, 2), next("dispute", whole()[1], ann)]],
  ] as const)("as far as it has come: %s", async (stage, steps) => {
    const verified = await verifyEscrow(envelope(steps()), { keys: await trust() });
    expect(verified.stage).toBe(stage);
  });
});

describe("a step is refused that", () => {
  const [first, second, third] = whole();

  test.each<[string, EscrowFault, readonly string[]]>([
    ["is not signed by the payer", "wrong_signer", [sign("escrow-open", opening(), ben.key)]],
    ["the payer fulfils", "wrong_signer", [first, next("fulfil", first, ann)]],
    ["the payee releases", "wrong_signer", [first, second, next("release", second, ben)]],
    ["a third disputes", "wrong_signer", [first, next("dispute", first, cat)]],
    ["comes before the first", "bad_order", [second]],
    ["releases what is not fulfilled", "bad_order", [first, next("release", first, ann)]],
    ["fulfils twice", "bad_order", [first, second, next("fulfil", second, ben)]],
    ["follows another step", "broken_link", [first, next("fulfil", second, ben)]],
    [
      "was signed for another escrow",
      "other_escrow",
      [first, next("fulfil", first, ben, { escrow_id: id("esc", "2") })],
    ],
    [
      "was signed for another request",
      "other_escrow",
      [first, next("fulfil", first, ben, { request_id: id("req", "2") })],
    ],
    [
      "follows an opening on other terms",
      "broken_link",
      [open({ amount: { amount_minor: 1, currency: "EUR" } }), second, third],
    ],
    ["pays oneself", "bad_content", [open({}, ann, ann)]],
    ["ends before it is due", "bad_content", [open({ release_by: "2026-11-22T09:00:00.000Z" })]],
  ])("%s", async (_name, fault, steps) => {
    expect(await faultOf(envelope(steps))).toBe(fault);
  });

  test.each<[string, EscrowFault, () => string]>([
    ["has a changed signature", "bad_signature", () => swapSignature(first, second)],
    [
      "is signed as another kind of step",
      "bad_content",
      () => sign("escrow-open", { ...JSON.parse(payloadOf(second)) }, ann.key),
    ],
    [
      "is signed as a receipt",
      "bad_header",
      () => sign("", opening(), ann.key, "holdpoint-receipt+jws"),
    ],
    [
      "has a member more",
      "bad_content",
      () => sign("escrow-open", { ...opening(), more: 1 }, ann.key),
    ],
    [
      "is of version 2",
      "bad_content",
      () => sign("escrow-open", { ...opening(), version: 2 }, ann.key),
    ],
    ["has a fraction of a cent", "bad_content", () => openWith({ amount_minor: 0.5 })],
    ["holds nothing", "bad_content", () => openWith({ amount_minor: 0 })],
    ["holds less than nothing", "bad_content", () => openWith({ amount_minor: -1 })],
    ["has an unknown currency", "bad_content", () => openWith({ currency: "ZZZ" })],
    [
      "has a time without zone",
      "bad_content",
      () => sign("escrow-open", { ...opening(), fulfil_by: "2026-11-23" }, ann.key),
    ],
    ["is no JWS", "not_a_jws", () => "a.b"],
    ["has no signature", "not_a_jws", () => `${first.split(".").slice(0, 2).join(".")}.`],
    ["is too long", "not_a_jws", () => `${"a".repeat(9_000)}.b.c`],
  ])("%s", async (_name, fault, step) => {
    expect(await faultOf(envelope([step()]))).toBe(fault);
  });

  test("is written in another way", async () => {
    const [header = "", , signature = ""] = first.split(".");
    const text = Buffer.from(JSON.stringify(opening(), null, 1)).toString("base64url");
    expect(await faultOf(envelope([`${header}.${text}.${signature}`]))).toBe("not_canonical");
  });

  function openWith(amount: object): string {
    const content = { ...opening(), amount: { amount_minor: 1, currency: "EUR", ...amount } };
    return sign("escrow-open", content, ann.key);
  }
});

describe("an envelope is refused", () => {
  const steps = [open()];

  test.each<[string, EscrowFault, object]>([
    ["under another id", "other_escrow", { escrow_id: id("esc", "2") }],
    ["with a member more", "not_an_envelope", { status: "RELEASED" }],
    ["without steps", "not_an_envelope", { steps: [] }],
    ["with too many", "not_an_envelope", { steps: [1, 2, 3, 4] }],
    ["without keys", "not_an_envelope", { keys: [] }],
    ["of another version", "not_an_envelope", { version: 2 }],
    ["whose payee's key nobody attests", "unknown_key", { keys: [attest(ann)] }],
    ["whose key is another agent's", "foreign_key", { keys: [attest(ann), benAs(cat.agentId)] }],
    ["whose key is another project's", "foreign_key", { keys: [attest(ann), benAbroad()] }],
    [
      "whose key a stranger attests",
      "bad_attestation",
      { keys: [attest(ann), attest(ben, {}, stranger)] },
    ],
    [
      "whose attestation was changed",
      "bad_attestation",
      { keys: [attest(ann), swapSignature(attest(ben), attest(cat))] },
    ],
  ])("%s", async (_name, fault, fields) => {
    expect(await faultOf(envelope(steps, fields))).toBe(fault);
  });

  test.each([undefined, null, [], "x", 7])("that is none: %j", async (value) => {
    expect(await faultOf(value)).toBe("not_an_envelope");
  });

  test("whose keys were attested after their signer was retired", async () => {
    const jwk = receiptJwk(plane, { holdpoint_not_after: "2026-11-01T00:00:00.000Z" });
    const keys = await importTrustedKeys({ keys: [jwk] });
    expect(await faultOf(envelope(steps), { keys })).toBe("retired_attestation");
  });

  test.each<[string, EscrowFault, object]>([
    ["in another project", "other_project", { projectId: "prj_01h455vb4pex5vsknk084sn02r" }],
    ["with other terms", "content_differs", { subject: { terms: { description: "Nothing" } } }],
    ["with a result where there is none", "content_differs", { subject: { result } }],
  ])("%s", async (_name, fault, options) => {
    expect(await faultOf(envelope(steps), options)).toBe(fault);
  });

  function benAs(agentId: string): string {
    return attest({ ...ben, agentId });
  }

  function benAbroad(): string {
    return attest(ben, { project_id: "prj_01h455vb4pex5vsknk084sn02r" });
  }
});

test("a refusal says where, and nothing of what it read", async () => {
  const [first] = whole();
  const steps = [first, next("fulfil", first, ann)];
  await expect(verifyEscrow(envelope(steps), { keys: await trust() })).rejects.toMatchObject({
    code: "ESCROW_SIGNATURE_INVALID",
    place: { step: 1, escrowId: id("esc", "1") },
    message: `The step is signed by a key of somebody else at step 2 in ${id("esc", "1")}.`,
  });
});

function payloadOf(jws: string): string {
  return Buffer.from(jws.split(".")[1] ?? "", "base64url").toString();
}

function swapSignature(jws: string, other: string): string {
  return [...jws.split(".").slice(0, 2), other.split(".")[2]].join(".");
}
