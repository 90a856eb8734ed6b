import type { WireReceipt, WireSigningKey } from "@holdpoint/protocol";
import { importTrustedKeys, verifyReceipt } from "@holdpoint/protocol/receipt";
import { afterEach, beforeEach, expect, it } from "vitest";
import { codeOf, World } from "../testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

async function readKeys(purpose: string): Promise<readonly WireSigningKey[]> {
  const { body, headers } = await world.call("GET", "/.well-known/jwks.json");
  expect(headers.get("content-type")).toBe("application/jwk-set+json");
  expect(headers.get("access-control-allow-origin")).toBe("*");
  return body.keys.filter((key: WireSigningKey) => key.holdpoint_purpose === purpose);
}

async function newReceipt(): Promise<WireReceipt> {
  const { id } = await world.ask();
  const { body } = await world.call("GET", `/v1/requests/${id}/events`, { as: "agent" });
  const path = `/v1/receipts/${body.data[0].receipt_id}`;
  return (await world.call("GET", path, { as: "agent" })).body;
}

function kidOf({ jws }: WireReceipt): string {
  return JSON.parse(Buffer.from(jws.split(".")[0] ?? "", "base64url").toString("utf8")).kid;
}

const rotate = (kid: string | undefined) =>
  world.call("POST", "/v1/signing-keys/rotate", { as: "admin", body: { kid } });

it("shows one key of each purpose from the start, and nothing private", async () => {
  const { body } = await world.call("GET", "/.well-known/jwks.json");
  const purposes = body.keys.map((key: WireSigningKey) => key.holdpoint_purpose);
  expect(purposes).toEqual(["lease", "log", "receipt"]);
  for (const key of body.keys) {
    expect(key).toMatchObject({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" });
    expect(key).not.toHaveProperty("d");
    expect(key).not.toHaveProperty("holdpoint_not_after");
  }
  expect(new Set(body.keys.map(({ x }: WireSigningKey) => x)).size).toBe(3);
  const [lease, log, receipt] = body.keys;
  expect(log.holdpoint_vkey).toMatch(/^localhost\/v1\/log\+[0-9a-f]{8}\+A/);
  for (const key of [lease, receipt]) expect(key).not.toHaveProperty("holdpoint_vkey");
});

it("signs with the new key after a rotation, and lists the old one with its end", async () => {
  const before = await newReceipt();
  const [old] = await readKeys("receipt");
  const now = world.clock.now();
  const made = await rotate(old?.kid);
  expect(made.status).toBe(200);
  const keys = await readKeys("receipt");
  expect(keys).toEqual([
    made.body,
    { ...old, holdpoint_not_after: new Date(now + 60_000).toISOString() },
  ]);
  expect(made.body.holdpoint_not_before).toBe(new Date(now - 60_000).toISOString());
  const after = await newReceipt();
  expect(kidOf(before)).toBe(old?.kid);
  expect(kidOf(after)).toBe(made.body.kid);
  const trusted = await importTrustedKeys((await world.call("GET", "/.well-known/jwks.json")).body);
  for (const receipt of [before, after]) await verifyReceipt(receipt, { keys: trusted });
});

it("does nothing the second time, however often it is sent", async () => {
  const [old] = await readKeys("receipt");
  const first = await rotate(old?.kid);
  const again = await Promise.all(Array.from({ length: 5 }, () => rotate(old?.kid)));
  for (const { body } of again) expect(body).toEqual(first.body);
  expect(await readKeys("receipt")).toHaveLength(2);
});

it("leaves no receipt unverifiable when keys are replaced in the middle of the work", async () => {
  const keys = [...(await readKeys("receipt")), ...(await readKeys("log"))];
  const work = Array.from({ length: 60 }, (_, place) =>
    place % 20 === 10 ? rotate(keys[place % 3 === 0 ? 0 : 1]?.kid) : newReceipt(),
  );
  const replies = await Promise.all(work);
  const receipts = replies.filter((reply): reply is WireReceipt => "jws" in reply);
  const trusted = await importTrustedKeys((await world.call("GET", "/.well-known/jwks.json")).body);
  expect(receipts).toHaveLength(57);
  for (const receipt of receipts) await verifyReceipt(receipt, { keys: trusted });
  const { body } = await world.call("GET", "/v1/receipts?limit=1000", { as: "admin" });
  expect(body.data).toHaveLength(57);
});

it("signs the log's head anew at once when the log's key is replaced", async () => {
  const receipt = await newReceipt();
  const { kid } = await world.controlPlane.admin.rotateSigningKey("log");
  const [current, old] = await readKeys("log");
  expect(current?.kid).toBe(kid);
  expect(await readKeys("receipt")).toHaveLength(1);
  const [, receiptKey] = (await world.call("GET", "/.well-known/jwks.json")).body.keys.slice(-2);
  const onlyNew = await importTrustedKeys({ keys: [current, receiptKey] });
  const onlyOld = await importTrustedKeys({ keys: [old, receiptKey] });
  await verifyReceipt(receipt, { keys: onlyOld });
  const again = await world.call("GET", `/v1/receipts/${receipt.id}`, { as: "agent" });
  await verifyReceipt(again.body, { keys: onlyNew });
  await expect(verifyReceipt(again.body, { keys: onlyOld })).rejects.toMatchObject({
    code: "CHECKPOINT_INVALID",
  });
});

it("knows no key that never was, and takes nothing that is no thumbprint", async () => {
  expect(codeOf(await rotate("A".repeat(43)))).toBe("RESOURCE_NOT_FOUND");
  expect(codeOf(await rotate("A"))).toBe("VALIDATION_FAILED");
  expect(codeOf(await rotate(undefined))).toBe("VALIDATION_FAILED");
});
