import { createPublicKey, verify } from "node:crypto";
import { receiptIdOf } from "@holdpoint/protocol";
import { beforeAll, expect, it } from "vitest";
import { digestTextOf } from "../../domain/digest.js";
import type { Store } from "../store.js";
import { approval, createTenant, NOW, type Tenant } from "./fixture.js";

const ORIGIN = "holdpoint.example/v1/log";

/** What proves events, and the log it stands in. */
export function testReceipts(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
    await store.log.open(ORIGIN);
  });

  /** Makes and decides a request, and answers the receipt ids of both. */
  async function decide(reason: string): Promise<{ requestId: string; receipts: string[] }> {
    const draft = tenant.draft({ payloadDigest: digestTextOf({ amount_minor: 1250 }) });
    await store.requests.create(draft);
    const decision = approval(tenant, { status: "REJECTED", reason });
    await store.requests.resolve(tenant.projectId, draft.id, 1, decision);
    const events = await store.events.listForRequest(tenant.projectId, draft.id);
    return { requestId: draft.id, receipts: events.map(({ id }) => receiptIdOf(id)) };
  }

  async function drain(): Promise<void> {
    while ((await store.log.integrate(7)) > 0);
  }

  it("are there with their events, signed by the key of the moment", async () => {
    const { requestId, receipts } = await decide("No.");
    const [created, rejected] = await Promise.all(
      receipts.map((id) => store.receipts.find(tenant.projectId, id)),
    );
    expect(contentOf(created?.jws)).toMatchObject({
      type: "request.created",
      request_id: requestId,
      at: new Date(NOW).toISOString(),
      payload_digest: digestTextOf({ amount_minor: 1250 }),
    });
    expect(contentOf(rejected?.jws)).toMatchObject({
      type: "request.rejected",
      reason_digest: digestTextOf("No."),
    });
    expect(created).toMatchObject({ id: receipts[0], agentId: tenant.agent.id });
    const keys = await store.signingKeys.list();
    const key = keys.find(({ purpose }) => purpose === "receipt");
    expect(isSignedBy(created?.jws, key?.publicKey)).toBe(true);
    expect(isSignedBy(rejected?.jws, key?.publicKey)).toBe(true);
  });

  it("are another project's business no more than the request", async () => {
    const { receipts } = await decide("No.");
    const other = await createTenant(store);
    expect(await store.receipts.find(other.projectId, receipts[0] ?? "")).toBeUndefined();
  });

  it("are not written for a decision that lost", async () => {
    const draft = tenant.draft();
    await store.requests.create(draft);
    await drain();
    const { size } = await store.log.head();
    await store.requests.resolve(tenant.projectId, draft.id, 7, approval(tenant));
    await drain();
    expect((await store.log.head()).size).toBe(size);
  });

  it("take consecutive places in the log, a request's in the order of its events", async () => {
    await drain();
    const { size } = await store.log.head();
    const made = await Promise.all(Array.from({ length: 20 }, () => decide("No.")));
    await drain();
    expect((await store.log.head()).size).toBe(size + 40);
    const listed = await store.receipts.listAfter(tenant.projectId, size - 1, 100);
    expect(listed.map(({ logIndex }) => logIndex)).toEqual(
      Array.from({ length: 40 }, (_, place) => size + place),
    );
    const places = new Map(listed.map(({ id, logIndex }) => [id, logIndex]));
    for (const { receipts } of made) {
      const [first, second] = receipts.map((id) => places.get(id) ?? Number.NaN);
      expect(first).toBeLessThan(second ?? Number.NaN);
    }
  });

  it("are taken in once by several sequencers at once", async () => {
    await drain();
    const { size } = await store.log.head();
    await Promise.all(Array.from({ length: 15 }, () => decide("No.")));
    const taken = await Promise.all(Array.from({ length: 12 }, () => store.log.integrate(5)));
    expect(taken.reduce((sum, count) => sum + count)).toBe(30);
    expect((await store.log.head()).size).toBe(size + 30);
    const listed = await store.receipts.listAfter(tenant.projectId, size - 1, 100);
    expect(new Set(listed.map(({ logIndex }) => logIndex)).size).toBe(30);
  });

  it("keep the log under the name it was made with", async () => {
    await store.log.open("another.example/v1/log");
    expect((await store.log.head()).origin).toBe(ORIGIN);
  });

  it("are signed by the new key after a rotation, of which several at once make one", async () => {
    const old = (await store.signingKeys.list()).find(({ purpose }) => purpose === "receipt");
    const at = NOW + 5_000;
    const made = await Promise.all(
      Array.from({ length: 5 }, () => store.signingKeys.rotate(old?.kid ?? "", at)),
    );
    const keys = await store.signingKeys.list();
    expect(new Set(made.map((key) => key?.kid)).size).toBe(1);
    const [current, retired] = keys.filter(({ purpose }) => purpose === "receipt");
    expect(current).toEqual(made[0]);
    expect(current?.notBefore).toBe(at - 60_000);
    expect(current?.notAfter).toBeUndefined();
    expect(retired).toEqual({ ...old, notAfter: at + 60_000 });
    const { receipts } = await decide("No.");
    const receipt = await store.receipts.find(tenant.projectId, receipts[0] ?? "");
    expect(isSignedBy(receipt?.jws, current?.publicKey)).toBe(true);
  });

  it("stand under a checkpoint of the new log key after its rotation, without a new receipt", async () => {
    await drain();
    const before = await store.log.head();
    const log = (await store.signingKeys.list()).find(({ purpose }) => purpose === "log");
    await store.signingKeys.rotate(log?.kid ?? "", NOW);
    expect(await store.log.integrate(10)).toBe(0);
    const after = await store.log.head();
    expect(after.size).toBe(before.size);
    const [text, signature] = before.checkpoint.split("\n\n");
    expect(after.checkpoint.startsWith(`${text}\n\n`)).toBe(true);
    expect(after.checkpoint.endsWith(signature ?? "")).toBe(false);
  });

  it("know no key that never was", async () => {
    expect(await store.signingKeys.rotate("A".repeat(43), NOW)).toBeUndefined();
  });
}

function contentOf(jws = ""): unknown {
  return JSON.parse(Buffer.from(jws.split(".")[1] ?? "", "base64url").toString("utf8"));
}

function isSignedBy(jws = "", publicKey: Uint8Array = new Uint8Array()): boolean {
  const x = Buffer.from(publicKey).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const end = jws.lastIndexOf(".");
  const signature = Buffer.from(jws.slice(end + 1), "base64url");
  return verify(null, Buffer.from(jws.slice(0, end)), key, signature);
}
