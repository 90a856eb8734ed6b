import { randomBytes } from "node:crypto";
import { LIMITS, receiptIdOf, type WireActor } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import { typeidUnboxed } from "typeid-js";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { digestTextOf } from "../../domain/digest.js";
import type { Action } from "../../domain/gate/action.js";
import type { Store } from "../store.js";
import { createTenant, NOW, type Tenant } from "./fixture.js";

/** What the gate can run. */
export function testActions(useStore: () => Store): void {
  let store: Store;
  /** A new project for each test. */
  let tenant: Tenant;
  let actor: WireActor;
  beforeAll(() => {
    store = useStore();
  });
  beforeEach(async () => {
    tenant = await createTenant(store);
    actor = { type: "operator", id: tenant.admin.id, name: tenant.admin.name };
  });

  /** A version about to be registered. */
  function version(fields: Partial<ActionManifest> = {}): Omit<Action, "withdrawnAt"> {
    const manifest: ActionManifest = {
      id: "create-ticket",
      version: "1.0.0",
      title: "Create a ticket \u0000 Zoë 😀",
      description: "Creates a ticket.",
      risk: "medium",
      parameters: { type: "object", minProperties: 1.5 },
      provider: { type: "http", method: "POST", url: "https://desk.example.com/" },
      egress: { domains: ["desk.example.com"] },
      verification: { type: "status", statuses: [201] },
      ...fields,
    };
    return {
      projectId: tenant.projectId,
      id: manifest.id,
      version: manifest.version,
      digest: digestTextOf(manifest),
      manifest,
      registeredAt: NOW,
      registeredBy: actor,
      eventId: typeidUnboxed("evt"),
    };
  }
  const register = (fields: Partial<ActionManifest> = {}) =>
    store.actions.register(version(fields));
  const find = (digest?: string, projectId = tenant.projectId) =>
    store.actions.find(projectId, "create-ticket", digest);
  const withdraw = (at = NOW + 1, id = "create-ticket") =>
    store.actions.withdraw(tenant.projectId, id, { eventId: typeidUnboxed("evt"), at, actor });
  const listIds = async () => (await store.actions.list(tenant.projectId)).map(({ id }) => id);

  it("gives back what was registered, to the last character", async () => {
    const given = version();
    expect(await store.actions.register(given)).toEqual({ outcome: "registered", action: given });
    expect(await find()).toEqual(given);
    expect(await find(given.digest)).toEqual(given);
    expect(await store.actions.list(tenant.projectId)).toEqual([given]);
    expect(digestTextOf((await find())?.manifest)).toBe(given.digest);
  });

  it("leaves the one in use as it is, without another receipt", async () => {
    const given = version();
    await store.actions.register(given);
    const again = { ...given, eventId: typeidUnboxed("evt"), registeredAt: NOW + 1 };
    expect(await store.actions.register(again)).toEqual({ outcome: "same", action: given });
    const kept = (eventId: string) => store.receipts.find(tenant.projectId, receiptIdOf(eventId));
    expect(await kept(given.eventId)).toBeDefined();
    expect(await kept(again.eventId)).toBeUndefined();
  });

  it("has one in use, keeps the others, and takes no version twice", async () => {
    const first = version();
    await store.actions.register(first);
    expect(await register({ title: "Other" })).toEqual({ outcome: "version_taken" });
    const second = version({ version: "0.9.0" });
    await store.actions.register(second);
    expect(await find()).toEqual(second);
    expect(await find(first.digest)).toEqual(first);
    expect(await store.actions.list(tenant.projectId)).toEqual([second]);
    expect(await store.actions.register(first)).toEqual({ outcome: "version_taken" });
    const versions = (limit: number) =>
      store.actions.listVersions(tenant.projectId, "create-ticket", limit);
    expect(await versions(10)).toEqual([second, first]);
    expect(await versions(1)).toEqual([second]);
  });

  it("withdraws all versions once, and finds them by their digests", async () => {
    const first = version();
    const second = version({ version: "1.1.0" });
    await store.actions.register(first);
    await store.actions.register(second);
    expect(await withdraw()).toEqual({ ...second, withdrawnAt: NOW + 1 });
    expect(await withdraw(NOW + 2)).toBeUndefined();
    expect(await find()).toBeUndefined();
    expect(await listIds()).toEqual([]);
    expect(await find(first.digest)).toEqual({ ...first, withdrawnAt: NOW + 1 });
    expect(await store.actions.register(second)).toEqual({ outcome: "version_taken" });
    const third = version({ version: "1.2.0" });
    await store.actions.register(third);
    expect(await find()).toEqual(third);
    expect(await find(second.digest)).toMatchObject({ withdrawnAt: NOW + 1 });
  });

  it("lists by id, and knows nothing of another project's", async () => {
    for (const id of ["b", "a-2", "a"]) await register({ id });
    const ids = await listIds();
    expect([...ids].sort()).toEqual(["a", "a-2", "b"]);
    expect(await withdraw(NOW, "nothing")).toBeUndefined();
    const stranger = await createTenant(store);
    await register();
    expect(await find(undefined, stranger.projectId)).toBeUndefined();
    expect(await store.actions.list(stranger.projectId)).toEqual([]);
    expect(await store.actions.listUses(stranger.projectId)).toEqual(new Map());
  });

  it("has been used by nobody before anything was called", async () => {
    await register();
    expect(await store.actions.listUses(tenant.projectId)).toEqual(new Map());
    expect(await store.actions.listUses(tenant.projectId, "create-ticket")).toEqual(new Map());
  });

  describe("at the same moment", () => {
    it("registers one of 20 that have the same version", async () => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => register({ title: `Title ${index}` })),
      );
      const outcomes = results.map(({ outcome }) => outcome).sort();
      expect(outcomes).toEqual(["registered", ...Array(19).fill("version_taken")]);
    });

    it("registers 20 versions one after the other, and withdraws them all or none", async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => register({ version: `1.0.${index}` })),
      );
      const versions = await store.actions.listVersions(tenant.projectId, "create-ticket", 100);
      expect(versions).toHaveLength(20);
      expect(await find()).toEqual(versions[0]);
      const withdrawn = await Promise.all([withdraw(), withdraw(), withdraw()]);
      expect(withdrawn.filter((each) => each !== undefined)).toHaveLength(1);
    });
  });
}

/** WebAssembly modules. */
export function testModules(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });

  const module = (bytes: Uint8Array, digest = `sha256:${randomBytes(32).toString("hex")}`) => ({
    projectId: tenant.projectId,
    digest,
    createdAt: NOW,
    bytes,
  });

  it.each([
    ["a few bytes", Buffer.of(0, 255, 0, 97)],
    ["as many as there may be", randomBytes(LIMITS.wasmModuleBytes)],
  ])("gives back %s, to its own project", async (_name, bytes) => {
    const { bytes: given, ...kept } = module(bytes);
    expect(await store.wasmModules.put({ ...kept, bytes: given })).toEqual(kept);
    const again = { ...kept, bytes: given, createdAt: NOW + 1 };
    expect(await store.wasmModules.put(again)).toEqual(kept);
    const found = await store.wasmModules.find(tenant.projectId, kept.digest);
    expect(Buffer.from(found ?? []).equals(bytes)).toBe(true);
    const { projectId } = await createTenant(store);
    expect(await store.wasmModules.find(projectId, kept.digest)).toBeUndefined();
  });

  it("is kept once by 20 that put it at the same moment", async () => {
    const given = module(Buffer.of(1));
    const puts = Array.from({ length: 20 }, () => store.wasmModules.put(given));
    const { bytes: _bytes, ...kept } = given;
    expect(await Promise.all(puts)).toEqual(Array(20).fill(kept));
  });

  it("is one of 200 at most", async () => {
    const { projectId } = await createTenant(store);
    const put = () => store.wasmModules.put({ ...module(Buffer.of(1)), projectId });
    await Promise.all(Array.from({ length: 198 }, put));
    const last = await Promise.all(Array.from({ length: 5 }, put));
    expect(last.filter((each) => each === "too_many")).toHaveLength(3);
  });
}
