import { typeidUnboxed } from "typeid-js";
import { beforeEach, expect, it } from "vitest";
import type { NewShieldStep, ShieldEntry } from "../../domain/shield/entry.js";
import { InvalidCursorError } from "../errors.js";
import type { Store } from "../store.js";
import type { ShieldStepQuery } from "../verbs/shield.js";
import { createTenant, HOUR, makeApiKey, NOW, type Tenant } from "./fixture.js";
import { Watched } from "./shield-steps.js";

/** What an agent may call its actions and runs: text like any other. */
const HOSTILE = [
  "__proto__",
  "constructor",
  "'; drop table shield_entries; --",
  '{"a":"b"}',
  '{,"}',
  "\\",
  "NULL",
  "null",
  "%_",
  "𝕏".repeat(100),
  "\u00e9",
  "e\u0301",
];

/** The log of what agents do, and the runs that it tells of. */
export function testShieldLog(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  let watched: Watched;
  beforeEach(async () => {
    store = useStore();
    tenant = await createTenant(store);
    watched = await Watched.create(store, tenant);
  });

  const log = (...steps: readonly NewShieldStep[]) => store.shield.observe(steps);
  const list = (query: Partial<ShieldStepQuery> = {}, of = tenant) =>
    store.shield.listSteps(of.projectId, { limit: 100, ...query });
  const ids = async (query: Partial<ShieldStepQuery> = {}, of = tenant) =>
    (await list(query, of)).items.map(({ id }) => id);
  const read = (sequence = 0, limit = 1_000, of = watched) =>
    store.shield.readAfter(of.profile.id, sequence, limit);
  const runs = (query: object = {}, of = watched) =>
    store.shield.listRuns(of.profile.id, { limit: 100, ...query });

  /** Another agent of the same project. */
  async function colleague() {
    const key = makeApiKey(tenant.projectId, typeidUnboxed("key"), "colleague");
    return (await store.apiKeys.create(key)).agent;
  }

  const details = {
    skeletonHash: "0".repeat(64),
    fingerprint: "f".repeat(32),
    sensitive: ["iban", "email"],
    observedAt: NOW - 5,
    receivedAt: NOW + 1,
    endsRun: true,
  } as const;
  const context = {
    previous: "open",
    beforePrevious: "begin",
    cost: { amountMinor: 2 ** 53 - 1, currency: "EUR" },
    priority: "critical",
    surpriseBits: 0.1 + 0.2,
  } as const;
  const told = { runId: "run-1", parentRequestId: typeidUnboxed("req"), agentLabel: "planner" };
  const full = () => watched.departure("held", { ...details, ...context, ...told });

  it("gives back to profiles what was measured, exactly", async () => {
    const { observedAt: _none, ...bare } = watched.step({ surpriseBits: 0 });
    const whole = full();
    await log(bare, whole);
    const { profile, entries } = await read();
    expect(profile).toEqual(watched.profile);
    const [first, second] = entries;
    expect(entries).toEqual([
      {
        kind: "step",
        sequence: first?.sequence ?? 0,
        runKey: tenant.agent.id,
        action: bare.action,
        priority: "medium",
        receivedAt: NOW,
        endsRun: false,
        surpriseBits: 0,
        departs: false,
        learns: true,
      },
      {
        kind: "step",
        sequence: second?.sequence ?? 0,
        runKey: `${tenant.agent.id}/run-1`,
        action: whole.action,
        ...details,
        ...context,
        departs: true,
        learns: false,
      },
    ] satisfies ShieldEntry[]);
    expect(second?.sequence).toBeGreaterThan(first?.sequence ?? Number.POSITIVE_INFINITY);
  });

  it("gives back to people what was told, with who told it and what was made of it", async () => {
    const bare = watched.step();
    const whole = full();
    await log(bare, whole);
    const { items } = await list();
    const shown = {
      profileId: watched.profile.id,
      service: "billing",
      environment: "",
      source: "observe",
      agent: tenant.agent,
    };
    expect(items).toEqual([
      {
        ...shown,
        id: whole.id,
        sequence: items[0]?.sequence,
        ...told,
        ...details,
        runKey: whole.runKey,
        action: whole.action,
        verdict: whole.verdict,
      },
      {
        ...shown,
        id: bare.id,
        sequence: items[1]?.sequence,
        runKey: tenant.agent.id,
        action: bare.action,
        observedAt: NOW,
        receivedAt: NOW,
        endsRun: false,
        verdict: bare.verdict,
      },
    ]);
    expect(await store.shield.findStep(watched.profile.id, whole.id)).toEqual(items[0]);
    expect(await store.shield.findStep(watched.profile.id, "obs_x")).toBeUndefined();
  });

  it("has each step once per id, also in one call and of 50 at the same moment", async () => {
    const [first, second] = [watched.step(), watched.step()];
    expect(await log(first, first, second)).toEqual(new Set([first.id, second.id]));
    const again = Array.from({ length: 50 }, () => log(second, watched.step(), first));
    const added = await Promise.all(again);
    expect(added.map(({ size }) => size)).toEqual(Array(50).fill(1));
    expect((await read()).entries).toHaveLength(52);
    expect((await runs()).items).toMatchObject([{ steps: 52 }]);
  });

  it("says of which of two callers a step is new", async () => {
    const steps = Array.from({ length: 20 }, () => watched.step());
    const answers = await Promise.all(
      steps.flatMap((step) => Array.from({ length: 5 }, () => log(step))),
    );
    const added = answers.flatMap((answer) => [...answer]);
    expect(added.toSorted()).toEqual(steps.map(({ id }) => id).toSorted());
  });

  it("lets no agent take another's ids, nor another project's", async () => {
    const same = watched.step();
    const stranger = await Watched.create(store, await createTenant(store), "theirs");
    const other = await colleague();
    await log(stranger.step({ id: same.id, action: "theirs" }));
    await log(same);
    const own = { runKey: other.id, agentId: other.id };
    await log(watched.step({ id: same.id, action: "another", ...own }));
    expect((await list()).items.map(({ action }) => action)).toEqual(["another", same.action]);
    expect((await list({}, stranger.tenant)).items).toMatchObject([{ action: "theirs" }]);
    // Of two of one id, the one that came first.
    expect(await store.shield.findStep(watched.profile.id, same.id)).toMatchObject({
      action: same.action,
    });
    expect(await ids({ profileId: stranger.profile.id })).toEqual([]);
    expect(await store.shield.findStep(stranger.profile.id, same.id)).toMatchObject({
      action: "theirs",
    });
  });

  it("is read on from any place, a page at a time, each profile its own", async () => {
    const beside = await Watched.create(store, tenant, "billing", "test");
    const steps: NewShieldStep[] = [];
    for (let count = 0; count < 7; count += 1) {
      steps.push(watched.step({ action: `action-${count}` }));
      await log(steps[count] as NewShieldStep, beside.step());
    }
    const seen: ShieldEntry[] = [];
    for (let last = 0; ; ) {
      const { entries } = await read(last, 3);
      if (entries.length === 0) break;
      expect(entries.length).toBeLessThanOrEqual(3);
      seen.push(...entries);
      last = entries.at(-1)?.sequence ?? last;
    }
    expect(seen.map(({ action }) => action)).toEqual(steps.map(({ action }) => action));
    const sequences = seen.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    expect((await read(0, 100, beside)).entries).toHaveLength(7);
  });

  it("keeps any name as it is, and tells apart what differs", async () => {
    const steps = HOSTILE.map((name) =>
      watched.step({
        action: name,
        runId: name,
        previous: name,
        beforePrevious: name,
        agentLabel: name,
        verdict: watched.verdict({ explanation: name, after: name }),
      }),
    );
    await log(...steps);
    const { entries } = await read();
    expect(entries.map(({ action }) => action)).toEqual(HOSTILE);
    expect(entries).toMatchObject(
      HOSTILE.map((name) => ({ previous: name, beforePrevious: name })),
    );
    for (const [index, name] of HOSTILE.entries()) {
      const { profileId, runKey } = steps[index] as NewShieldStep;
      expect(await ids({ profileId, action: name })).toEqual([steps[index]?.id]);
      expect(await ids({ profileId, runKey })).toEqual([steps[index]?.id]);
      expect(await ids({ runId: name })).toEqual([steps[index]?.id]);
      expect(await ids({ profileId, after: name })).toEqual([steps[index]?.id]);
    }
    expect((await runs()).items.map(({ runId }) => runId)).toEqual(HOSTILE.toReversed());
  });

  it("filters, newest first, page by page", async () => {
    const mail = await Watched.create(store, tenant, "mail");
    const other = await colleague();
    const made = [
      watched.step({ runId: "run-1" }),
      watched.step({ runId: "run-1", previous: "list-invoices" }),
      mail.step({ action: "read", runId: "run-1" }),
      watched.departure("none", { previous: "list-invoices" }),
      mail.step({ agentId: other.id, runKey: other.id }),
      watched.step({ source: "ask", action: "refund", id: typeidUnboxed("req") }),
    ];
    for (const step of made) await log(step);
    const of = (...indexes: number[]) => indexes.map((index) => made[index]?.id);
    const { id: profileId } = watched.profile;
    expect(await ids()).toEqual(of(5, 4, 3, 2, 1, 0));
    expect(await ids({ profileId })).toEqual(of(5, 3, 1, 0));
    expect(await ids({ source: "observe" })).toEqual(of(4, 3, 2, 1, 0));
    expect(await ids({ service: "mail" })).toEqual(of(4, 2));
    expect(await ids({ service: "mail", action: "read" })).toEqual(of(2));
    expect(await ids({ agentId: other.id })).toEqual(of(4));
    expect(await ids({ runId: "run-1" })).toEqual(of(2, 1, 0));
    expect(await ids({ profileId, runKey: `${tenant.agent.id}/run-1` })).toEqual(of(1, 0));
    expect(await ids({ profileId, action: "list-invoices" })).toEqual(of(3, 1, 0));
    expect(await ids({ profileId, after: "list-invoices" })).toEqual(of(3, 1));
    expect(await ids({ profileId, after: null })).toEqual(of(5, 0));
    expect(await ids({ profileId, anomalous: true })).toEqual(of(3));
    expect(await ids({ profileId, anomalous: false })).toEqual(of(5, 1, 0));
    expect(await ids({ profileId, reviewed: true })).toEqual([]);
    expect(await ids({ profileId, reviewed: false })).toEqual(of(5, 3, 1, 0));
    const first = await list({ limit: 4 });
    const rest = await list({ limit: 4, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(of(5, 4, 3, 2, 1, 0));
    expect(rest.nextCursor).toBeNull();
    await expect(list({ cursor: "nonsense" })).rejects.toThrow(InvalidCursorError);
  });

  it("counts what came since a time, and what of it was held", async () => {
    await log(
      watched.departure("held", { receivedAt: NOW - 1 }),
      watched.step(),
      watched.departure("none"),
      watched.departure("held", { source: "ask" }),
      watched.departure("denied", { source: "execute", receivedAt: NOW + 1 }),
      watched.departure("warned", { source: "purchase", receivedAt: NOW + 1 }),
    );
    const count = (since: number) => store.shield.count(watched.profile.id, since);
    expect(await count(NOW)).toEqual({ steps: 5, anomalies: 4, requests: 3, held: 2 });
    expect(await count(NOW + 1)).toEqual({ steps: 2, anomalies: 2, requests: 2, held: 1 });
    expect(await count(NOW + 2)).toEqual({ steps: 0, anomalies: 0, requests: 0, held: 0 });
    expect(await count(0)).toMatchObject({ steps: 6, held: 3 });
  });

  it("tells of runs, the latest first", async () => {
    const other = await colleague();
    const theirs = { agentId: other.id, runKey: `${other.id}/run-1`, runId: "run-1" };
    await log(watched.step({ runId: "run-1", receivedAt: NOW + 5, surpriseBits: 3 }));
    await log(
      watched.step(theirs),
      watched.step({ runId: "run-2" }),
      watched.departure("held", { runId: "run-1", receivedAt: NOW + 9, surpriseBits: 7 }),
      watched.step({ runId: "run-1", receivedAt: NOW + 8 }),
    );
    const run = { runId: "run-1", agent: tenant.agent, runKey: `${tenant.agent.id}/run-1` };
    const { items } = await runs();
    expect(items[0]).toEqual({
      ...run,
      startedAt: NOW + 5,
      lastStepAt: NOW + 9,
      steps: 3,
      anomalies: 1,
      maxSurpriseBits: 7,
    });
    expect(items.map(({ runId, steps }) => [runId, steps])).toEqual([
      ["run-1", 3],
      ["run-2", 1],
      ["run-1", 1],
    ]);
    expect((await runs({ agentId: other.id })).items).toMatchObject([{ agent: other }]);
    expect((await runs({ anomalous: true })).items).toEqual([items[0]]);
    expect((await runs({ anomalous: false })).items).toEqual(items.slice(1));
    const first = await runs({ limit: 2 });
    expect(first.items).toEqual(items.slice(0, 2));
    expect(await runs({ limit: 2, cursor: first.nextCursor })).toEqual({
      items: items.slice(2),
      nextCursor: null,
    });
    await expect(runs({ cursor: "nonsense" })).rejects.toThrow(InvalidCursorError);
  });

  it("goes on with a run that has an id, and begins one anew that has none", async () => {
    const minutes = (count: number) => ({ receivedAt: NOW + count * 60_000 });
    const named = { runId: "run-1" };
    await log(
      watched.departure("held", { ...minutes(0), surpriseBits: 9 }),
      watched.step({ ...named, ...minutes(0), endsRun: true }),
    );
    await log(watched.step(minutes(29)), watched.step({ ...named, ...minutes(90) }));
    const [first, second] = (await runs()).items;
    expect(first).toMatchObject({ ...named, steps: 2, startedAt: NOW });
    expect(second).toMatchObject({ steps: 2, anomalies: 1, maxSurpriseBits: 9 });
    await log(watched.step(minutes(59)));
    expect((await runs()).items[0]).toEqual({
      runKey: tenant.agent.id,
      agent: tenant.agent,
      startedAt: NOW + 59 * 60_000,
      lastStepAt: NOW + 59 * 60_000,
      steps: 1,
      anomalies: 0,
      maxSurpriseBits: 1.5,
    });
    const ends = { endsRun: true, ...minutes(60) };
    await log(watched.step(ends), watched.step(minutes(60)), watched.step(minutes(60)));
    expect((await runs()).items[0]).toMatchObject({ steps: 2, startedAt: NOW + HOUR });
    await log(watched.step(ends));
    await log(watched.step(minutes(61)));
    expect((await runs()).items[0]).toMatchObject({ steps: 1 });
  });
}
