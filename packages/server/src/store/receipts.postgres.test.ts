import { createDatabase } from "@holdpoint/test-postgres";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { entryOf } from "../receipts/entries.js";
import { hashLeaf } from "../receipts/tree/hash.js";
import { plainRoot } from "../receipts/tree/testing/plain.js";
import type { DatabaseStore } from "./assemble.js";
import { createMasterKey, createTenant, NOW, type Tenant } from "./conformance/fixture.js";
import { createPostgresStore } from "./postgres.js";

/** Two replicas on one database. */
describe("receipts of two replicas", () => {
  let stores: readonly DatabaseStore[];
  let tenant: Tenant;
  beforeEach(async () => {
    const connectionString = await createDatabase(inject("postgres"));
    const masterKeys = [createMasterKey()];
    stores = await Promise.all(
      [1, 2].map(() => createPostgresStore({ connectionString, masterKeys, poolSize: 4 })),
    );
    await Promise.all(stores.map((store, place) => store.log.open(`replica-${place}.example/log`)));
    tenant = await createTenant(store(0));
  });
  afterEach(() => Promise.all(stores.map((each) => each.close())));

  function store(place: number): DatabaseStore {
    const found = stores[place % stores.length];
    if (found === undefined) throw new Error("The stores are opened before the tests run.");
    return found;
  }

  async function kidOfNewReceipt(from: DatabaseStore, at: number): Promise<string> {
    const draft = tenant.draft({ createdAt: at, expiresAt: at + 1_000 });
    await from.requests.create(draft);
    const [event] = await from.events.listForRequest(tenant.projectId, draft.id);
    const receipt = await from.receipts.find(tenant.projectId, event?.receipt_id ?? "");
    const [header = ""] = receipt?.jws.split(".") ?? [];
    return JSON.parse(Buffer.from(header, "base64url").toString("utf8")).kid;
  }

  it("are signed by one key and stand in one log, though both were started at once", async () => {
    const [first, second] = await Promise.all(stores.map((each) => each.signingKeys.list()));
    expect(first?.map(({ purpose }) => purpose)).toEqual(["lease", "log", "receipt"]);
    expect(second).toEqual(first);
    const [one, other] = await Promise.all(stores.map((each) => each.log.head()));
    expect(other).toEqual(one);
    const kid = first?.find(({ purpose }) => purpose === "receipt")?.kid;
    expect(await kidOfNewReceipt(store(0), NOW)).toBe(kid);
    expect(await kidOfNewReceipt(store(1), NOW)).toBe(kid);
  });

  it("take consecutive places while both write and both sequence", async () => {
    const writes = Array.from({ length: 120 }, (_, place) =>
      store(place).requests.create(tenant.draft()),
    );
    const sequencing = Array.from({ length: 20 }, (_, place) => store(place).log.integrate(17));
    await Promise.all([...writes, ...sequencing]);
    await Promise.all([store(0).log.integrate(1_000), store(1).log.integrate(1_000)]);
    const { size, checkpoint } = await store(0).log.head();
    expect(size).toBe(120);
    const listed = await store(1).receipts.listAfter(tenant.projectId, -1, 1_000);
    expect(listed.map(({ logIndex }) => logIndex)).toEqual([...Array(120).keys()]);
    const root = plainRoot(listed.map(({ jws }) => hashLeaf(entryOf(jws))));
    expect(checkpoint.split("\n")[2]).toBe(Buffer.from(root).toString("base64"));
  });

  it("are signed by the new key everywhere before the old one's time is over", async () => {
    const old = await kidOfNewReceipt(store(0), NOW);
    expect(await kidOfNewReceipt(store(1), NOW)).toBe(old);
    const rotated = await store(0).signingKeys.rotate(old, NOW);
    expect(await kidOfNewReceipt(store(0), NOW)).toBe(rotated?.kid);
    const listed = await store(1).signingKeys.list();
    expect(listed.find(({ notAfter }) => notAfter !== undefined)).toMatchObject({
      kid: old,
      notAfter: NOW + 60_000,
    });
    expect(await kidOfNewReceipt(store(1), NOW + 9_999)).toBe(old);
    expect(await kidOfNewReceipt(store(1), NOW + 10_000)).toBe(rotated?.kid);
  });

  it("have one new key when both rotate at once", async () => {
    const keys = await store(0).signingKeys.list();
    const kid = keys.find(({ purpose }) => purpose === "receipt")?.kid ?? "";
    const made = await Promise.all(stores.map((each) => each.signingKeys.rotate(kid, NOW)));
    expect(made[1]).toEqual(made[0]);
    expect(await store(1).signingKeys.list()).toHaveLength(keys.length + 1);
  });
});
