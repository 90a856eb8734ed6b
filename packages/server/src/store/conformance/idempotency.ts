import { randomBytes } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import type { Store } from "../store.js";
import type { IdempotentRun } from "../verbs/idempotency.js";
import { createTenant, makeApiKey, NOW } from "./fixture.js";

const LEASE = 60_000;

/** One answer to each key. */
export function testIdempotency(useStore: () => Store): void {
  let store: Store;
  beforeAll(() => {
    store = useStore();
  });

  const newId = () => randomBytes(32).toString("hex");
  const begin = (id: string, { at = NOW, bodyDigest = "digest" } = {}) =>
    store.idempotency.begin({ id, bodyDigest, at, leaseExpiresAt: at + LEASE });

  async function begun(id: string, at = NOW): Promise<IdempotentRun> {
    const result = await begin(id, { at });
    if (result.outcome !== "begun") throw new Error(`Expected a run, got ${result.outcome}.`);
    return result.run;
  }

  it("answers what was answered, headers and all", async () => {
    const id = newId();
    const answer = { status: 409, body: { code: "X", list: [null] }, headers: { "X-A": "b" } };
    await store.idempotency.finish(await begun(id), answer);
    expect(await begin(id)).toEqual({ outcome: "answered", answer });
  });

  it("tells another body before anything else", async () => {
    const id = newId();
    const run = await begun(id);
    const other = { bodyDigest: "other" };
    expect((await begin(id, other)).outcome).toBe("conflict");
    await store.idempotency.finish(run, { status: 201 });
    expect((await begin(id, other)).outcome).toBe("conflict");
  });

  it("takes a run over when its lease is over, not before, with its seed and time", async () => {
    const id = newId();
    const run = await begun(id);
    expect((await begin(id, { at: NOW + LEASE - 1 })).outcome).toBe("in_flight");
    const next = await begun(id, NOW + LEASE);
    expect(next).toEqual({ ...run, fence: 2 });
    await store.idempotency.finish(run, { status: 201, body: "late" });
    expect((await begin(id, { at: NOW + LEASE })).outcome).toBe("in_flight");
    await store.idempotency.finish(next, { status: 201, body: "in time" });
    expect(await begin(id)).toMatchObject({ answer: { body: "in time" } });
  });

  it("takes a released run over at once", async () => {
    const id = newId();
    const run = await begun(id);
    await store.idempotency.release(run);
    expect(await begun(id)).toEqual({ ...run, fence: 2 });
  });

  it("gives each key a seed of its own", async () => {
    const runs = [await begun(newId()), await begun(newId())];
    expect(runs[0]?.seed).not.toEqual(runs[1]?.seed);
    expect(runs[0]?.seed).toHaveLength(32);
  });

  it("lets one of 200 begin, and one of 200 take over", async () => {
    const id = newId();
    for (const at of [NOW, NOW + LEASE]) {
      const results = await Promise.all(Array.from({ length: 200 }, () => begin(id, { at })));
      expect(results.filter(({ outcome }) => outcome === "begun")).toHaveLength(1);
      expect(results.filter(({ outcome }) => outcome === "in_flight")).toHaveLength(199);
    }
  });

  it("forgets what is old, batch by batch, and nothing else", async () => {
    const old = NOW - 1_000_000 * LEASE;
    const ids = [newId(), newId(), newId()];
    for (const [index, id] of ids.entries()) await begun(id, old + index);
    expect(await store.idempotency.prune(old + 2, 1)).toBe(1);
    expect(await store.idempotency.prune(old + 2, 10)).toBe(1);
    expect(await store.idempotency.prune(old + 2, 10)).toBe(0);
    expect((await begun(ids[0] ?? "", old)).fence).toBe(1);
    expect((await begin(ids[2] ?? "", { at: old + 3 })).outcome).toBe("in_flight");
  });

  it("makes a key, a token or a project of one id once, and answers the one there is", async () => {
    const { projectId, admin } = await createTenant(store);
    const key = makeApiKey(projectId, newId());
    const keys = await Promise.all([1, 2].map(() => store.apiKeys.create(key)));
    expect(keys[1]).toEqual(keys[0]);
    const token = { id: newId(), projectId, operatorId: admin.id, name: "a", hint: "b" };
    const secret = { ...token, createdAt: NOW, secretHash: newId() };
    const tokens = await Promise.all([1, 2].map(() => store.operatorTokens.create(secret)));
    expect(tokens).toEqual([tokens[0], tokens[0]]);
    const project = { id: newId(), name: "Twice", createdAt: NOW };
    await Promise.all([1, 2].map(() => store.projects.create(project, admin.id)));
    expect(await store.operators.list(project.id)).toHaveLength(1);
  });
}
