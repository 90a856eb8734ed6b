import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFolderBlobs } from "../blobs/folder.js";
import { createUrlSigner } from "../blobs/signature.js";
import type { BlobStore } from "../blobs/store.js";
import { ManualClock } from "../routes/testing/clock.js";
import {
  approval,
  createMasterKey,
  createTenant,
  type Tenant,
} from "../store/conformance/fixture.js";
import { Watched } from "../store/conformance/shield-steps.js";
import { createSqliteStore } from "../store/sqlite.js";
import type { Store } from "../store/store.js";
import { createPruneWorker, type PruneWorker } from "./prune.js";
import { type Retention, resolveRetention } from "./retention.js";

const DAY = 86_400_000;

let folder: string;
let store: Store;
let blobs: BlobStore;
let clock: ManualClock;
let tenant: Tenant;
const failures: string[] = [];
const log = { info() {}, warn() {}, error: (_: object, text: string) => failures.push(text) };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdpoint-prune-"));
  failures.length = 0;
  clock = new ManualClock();
  const masterKey = createMasterKey();
  store = await createSqliteStore({ storage: { memory: true }, masterKeys: [masterKey] });
  blobs = createFolderBlobs(
    folder,
    createUrlSigner([masterKey], clock, () => "http://localhost"),
  );
  tenant = await createTenant(store);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function worker(retention: Retention = {}, over: Partial<BlobStore> = {}): PruneWorker {
  const parts = { store, clock, log, retention: resolveRetention(retention) };
  return createPruneWorker({ ...parts, blobs: { ...blobs, ...over } });
}

async function park(): Promise<string> {
  const id = typeidUnboxed("sta");
  const name = { projectId: tenant.projectId, id };
  const key = Buffer.alloc(32, 7).toString("base64url");
  const made = { ...name, agentId: tenant.agent.id, createdAt: clock.now(), key, digest: "" };
  await store.states.create(made);
  await blobs.served?.write(name, new Blob(["encrypted"]).stream());
  await store.states.markUploaded(name, { sizeBytes: 9, at: clock.now() });
  return id;
}

/** A request that has just been rejected. */
async function rejected(stateId: string): Promise<string> {
  const times = { createdAt: clock.now(), expiresAt: clock.now() + DAY };
  const request = tenant.draft({ stateId, ...times });
  await store.requests.create(request);
  const resolution = approval(tenant, { status: "REJECTED", at: clock.now() });
  await store.requests.resolve(tenant.projectId, request.id, 1, resolution);
  return request.id;
}

const files = () => readdir(join(folder, tenant.projectId));
const deletedAt = async (id: string) => (await store.states.find(tenant.projectId, id))?.deletedAt;

describe("[P-RETENTION] the prune worker", () => {
  it("deletes a state 30 days after its request was resolved, and keeps contents", async () => {
    const id = await park();
    const requestId = await rejected(id);
    clock.advance(30 * DAY - 1);
    await worker().sweep();
    expect(await files()).toEqual([id]);
    clock.advance(1);
    await worker().sweep();
    expect(await files()).toEqual([]);
    expect(await deletedAt(id)).toBe(clock.now());
    expect(await store.requests.find(tenant.projectId, requestId)).toHaveProperty("payload");
  });

  it("deletes states and contents after the times it is told, or never", async () => {
    const id = await park();
    const requestId = await rejected(id);
    clock.advance(60_000);
    await worker({ statesMs: false, contentsMs: 60_000 }).sweep();
    expect(await store.requests.find(tenant.projectId, requestId)).not.toHaveProperty("payload");
    clock.advance(1_000 * DAY);
    await worker({ statesMs: false }).sweep();
    expect(await files()).toEqual([id]);
    await worker({ statesMs: 60_000 }).sweep();
    expect(await files()).toEqual([]);
  });

  it("deletes what nobody named after a day", async () => {
    const id = await park();
    clock.advance(DAY - 1);
    await worker().sweep();
    expect(await files()).toEqual([id]);
    clock.advance(1);
    await worker().sweep();
    expect(await files()).toEqual([]);
  });

  it("finishes what a crash left between mark, bytes and note, and tries again what failed", async () => {
    const ids = [await park(), await park(), await park()].sort();
    clock.advance(DAY);
    const lost = async (name: { id: string }) => {
      if (name.id === ids[0]) throw new Error("disk");
      await blobs.delete({ projectId: tenant.projectId, id: name.id });
    };
    await worker({}, { delete: lost }).sweep();
    expect(failures).toHaveLength(1);
    expect(await files()).toEqual([ids[0]]);
    // The bytes went, and the process died before it could say so.
    await blobs.delete({ projectId: tenant.projectId, id: ids[0] ?? "" });
    expect(await store.retention.listMarked(10)).toHaveLength(1);
    await worker().sweep();
    expect(await store.retention.listMarked(10)).toEqual([]);
  });

  it("leaves no file behind of an upload that a crash ended, and none of one under way", async () => {
    await park();
    const incoming = join(folder, "incoming");
    for (const [name, ageMs] of [
      ["dead", DAY],
      ["alive", DAY - 60_000],
    ] as const) {
      await writeFile(join(incoming, name), "half");
      const at = new Date(clock.now() - ageMs);
      await utimes(join(incoming, name), at, at);
    }
    await worker().sweep();
    expect(await readdir(incoming)).toEqual(["alive"]);
  });

  it("deletes what was observed after 30 days, once a snapshot has it", async () => {
    const watched = await Watched.create(store, tenant);
    await store.shield.observe([watched.step({ receivedAt: clock.now() })]);
    const { items } = await store.shield.listSteps(tenant.projectId, { limit: 10 });
    const kept = async () => {
      await worker().sweep();
      return (await store.shield.listSteps(tenant.projectId, { limit: 10 })).items.length;
    };
    clock.advance(60 * DAY);
    expect(await kept()).toBe(1);
    clock.advance(-60 * DAY);
    const sequence = items[0]?.sequence ?? 0;
    await store.shield.saveSnapshot(watched.profile.id, sequence, new Uint8Array());
    clock.advance(30 * DAY);
    expect(await kept()).toBe(1);
    clock.advance(1);
    expect(await kept()).toBe(0);
  });

  it("deletes hundreds, two workers at the same moment", async () => {
    await Promise.all(Array.from({ length: 250 }, park));
    clock.advance(DAY);
    await Promise.all([worker().sweep(), worker().sweep()]);
    expect(await files()).toEqual([]);
    expect(await store.retention.listMarked(10)).toEqual([]);
    expect(failures).toEqual([]);
  });

  it("sweeps every hour until it is stopped", async () => {
    const pruning = worker();
    pruning.start();
    // One for what has had its time, one for proofs.
    expect(clock.pendingTimers).toBe(2);
    await pruning.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([[59_999], [1.5], [Number.POSITIVE_INFINITY], [0]])("refuses to keep for %d ms", (ms) => {
    expect(() => resolveRetention({ statesMs: ms })).toThrow(RangeError);
    expect(() => resolveRetention({ contentsMs: ms })).toThrow(RangeError);
  });
});

it("forgets every ten minutes the proofs that could not be taken any more", async () => {
  const proofs = ["old", "new"] as const;
  await store.proofs.remember("old", clock.now() + 600_000);
  await store.proofs.remember("new", clock.now() + 600_001);
  const prune = worker();
  prune.start();
  clock.advance(600_000);
  await prune.stop();
  const isNew = proofs.map((id) => store.proofs.remember(id, clock.now() + 60_000));
  expect(await Promise.all(isNew)).toEqual([true, false]);
});
