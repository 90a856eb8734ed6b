import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ShieldMode } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AgentCaller } from "../../domain/caller.js";
import { createMetrics } from "../../http/metrics.js";
import { ManualClock } from "../../routes/testing/clock.js";
import { createMasterKey, createTenant, type Tenant } from "../../store/conformance/fixture.js";
import { createSqliteStore } from "../../store/sqlite.js";
import type { Store } from "../../store/store.js";
import type { StoredShieldProfile } from "../../store/verbs/shield.js";
import { createShieldWorker, type ShieldWorker } from "../../workers/shield.js";
import { type AskedStep, askedOf } from "./asked.js";
import { describeProfiles } from "./details.js";
import { createShield, type Shield } from "./shield.js";

const masterKeys = [createMasterKey()];
const SECRET = "a-name-that-must-not-be-logged";

let folder: string;
let store: Store;
let clock: ManualClock;
let tenant: Tenant;
let shield: Shield;
let worker: ShieldWorker;
let lines: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-shield-"));
  clock = new ManualClock();
  lines = [];
  await open();
  tenant = await createTenant(store);
}, 30_000);
afterEach(async () => {
  await worker.stop();
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A shield of its own on what is there, as another process has it. */
async function open(): Promise<void> {
  store = await createSqliteStore({ storage: { path: join(folder, "holdpoint.db") }, masterKeys });
  begin();
}

function begin(): void {
  const note = (fields: object, message: string) => lines.push(JSON.stringify([fields, message]));
  const log = { info: note, warn: note, error: note };
  shield = createShield({ store: store.shield, clock, log, metrics: createMetrics() });
  worker = createShieldWorker({ store: store.shield, profiles: shield.profiles, clock, log });
}

/** @param how - `kill`: nothing more is kept of it; `stop`: it ends as it should. */
async function restart(how: "kill" | "stop"): Promise<void> {
  if (how === "stop") await worker.stop();
  await store.close();
  await open();
}

function caller(): AgentCaller {
  const { agent, projectId } = tenant;
  return { type: "agent", keyId: "key_1", projectId, agent, scopes: [] };
}

async function observe(actions: readonly string[], runId: string, service = "deploy") {
  const observations = actions.map((action, index) => ({
    id: typeidUnboxed("obs"),
    service,
    action,
    runId,
    endsRun: index === actions.length - 1 && action === "end",
    observedAt: clock.now() + index,
  }));
  for (let at = 0; at < observations.length; at += 100) {
    await shield.observe(caller(), observations.slice(at, at + 100));
  }
}

/** So many runs, not all alike. */
async function learn(runs: number): Promise<void> {
  for (let run = 0; run < runs; run += 1) {
    const detour = run % 3 === 0 ? ["search", "search"] : [];
    await observe(["read", ...detour, "sum", "end"], `run-${run}`);
  }
}

async function stored(service = "deploy"): Promise<StoredShieldProfile> {
  const { projectId } = tenant;
  const profile = await store.shield.findProfile({ projectId, service, environment: "" });
  if (profile === undefined) throw new Error("Expected a profile.");
  return profile;
}

const bytesNow = async () =>
  Buffer.from((await shield.profile((await stored()).id)).encode()).toString("base64");

const asked = (action: string, runId: string): AskedStep =>
  askedOf("ask", tenant.draft({ service: "deploy", action, runId, createdAt: clock.now() }), {});

async function setMode(mode: ShieldMode): Promise<void> {
  const { id, mode: from } = await stored();
  const actor = { type: "operator", id: "usr_1", name: "Ada" } as const;
  const change = { eventId: typeidUnboxed("evt"), at: clock.now(), actor };
  const { runs } = (await shield.profile(id)).describe();
  await store.shield.setMode(id, { ...change, from, mode, runs });
}

describe("[P-SHIELD-SAME] a profile", () => {
  it.each(["kill", "stop"] as const)("is the same after a %s, and its runs go on", async (how) => {
    await learn(20);
    await observe(["read", "search"], "half-way");
    const before = await bytesNow();
    await restart(how);
    const { id } = await stored();
    const snapshot = await store.shield.loadSnapshot(id);
    expect(snapshot === undefined).toBe(how === "kill");
    expect(await bytesNow()).toBe(before);
    const measured = await shield.measure(asked("search", "half-way"));
    expect(measured).toMatchObject({
      outcome: "measured",
      step: { previous: "search", beforePrevious: "read" },
    });
  });

  it("is the same from a snapshot in the middle of its log", async () => {
    await learn(10);
    const { id } = await stored();
    await shield.profiles.save(id, 1);
    await learn(10);
    const whole = await bytesNow();
    await restart("kill");
    const load = vi.spyOn(store.shield, "loadSnapshot");
    expect(await bytesNow()).toBe(whole);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("is folded from the start of its log where its snapshot is broken, and says so without its contents", async () => {
    await observe(["read", SECRET, "end"], "one");
    const { id } = await stored();
    const before = await bytesNow();
    const { sequence } = await shield.profile(id);
    const broken = new TextEncoder().encode(`{"broken":"${SECRET}"}`);
    await store.shield.saveSnapshot(id, sequence, broken);
    await restart("kill");
    expect(await bytesNow()).toBe(before);
    expect(lines.join("\n")).toContain("the snapshot of a shield profile cannot be read");
    expect(lines.join("\n")).toContain(id);
    expect(lines.join("\n")).not.toContain(SECRET);
    await observe(["read"], "two");
    const after = await bytesNow();
    await restart("stop");
    lines = [];
    expect(await bytesNow()).toBe(after);
    expect(lines).toEqual([]);
  });

  it("is the same for two who follow one log", async () => {
    await learn(10);
    const first = shield;
    await bytesNow();
    begin();
    await learn(10);
    const { id } = await stored();
    const there = Buffer.from((await first.profile(id)).encode()).toString("base64");
    expect(await bytesNow()).toBe(there);
  });
});

describe("measuring", () => {
  it("at once with others shares catching up, and sees whatever was logged before", async () => {
    await learn(5);
    const read = vi.spyOn(store.shield, "readAfter");
    const asks = Array.from({ length: 50 }, (_, at) => asked("read", `${at}`));
    const measured = await Promise.all(asks.map((ask) => shield.measure(ask)));
    expect(new Set(measured.map(({ outcome }) => outcome))).toEqual(new Set(["measured"]));
    expect(read.mock.calls.length).toBeLessThanOrEqual(3);
    const rounds = Array.from({ length: 20 }, async (_, index) => {
      const runId = `seen-${index}`;
      await observe(["read"], runId);
      return shield.measure(asked("sum", runId));
    });
    for (const one of await Promise.all(rounds)) {
      expect(one).toMatchObject({ step: { previous: "read" } });
    }
  });

  it("changes nothing by itself", async () => {
    await learn(5);
    const before = await bytesNow();
    for (let time = 0; time < 10; time += 1) await shield.measure(asked("new", "run"));
    expect(await bytesNow()).toBe(before);
  });

  it.each([
    ["shadow", false],
    ["locked", false],
    ["enforce", true],
  ] as const)("[P-SHIELD-TIGHTENS] that fails in %s may enforce: %s", async (mode, mayEnforce) => {
    await learn(1);
    if (mode !== "shadow") await setMode("locked");
    if (mode === "enforce") await setMode("enforce");
    const { id } = await stored();
    const profile = await shield.profile(id);
    vi.spyOn(profile, "score").mockImplementation(() => {
      throw new Error(SECRET);
    });
    expect(await shield.measure(asked("read", "one"))).toEqual({
      outcome: "failed",
      mayEnforce,
    });
    expect(lines.join("\n")).toContain(id);
    expect(lines.join("\n")).not.toContain(SECRET);
  });

  it("[P-SHIELD-TIGHTENS] that nobody can tell anything of may enforce", async () => {
    vi.spyOn(store.shield, "ensureProfile").mockRejectedValueOnce(new Error("away"));
    const failed = { outcome: "failed", mayEnforce: true };
    expect(await shield.measure(asked("read", "one"))).toEqual(failed);
    await learn(1);
    const read = vi.spyOn(store.shield, "readAfter").mockRejectedValue(new Error("away"));
    expect(await shield.measure(asked("read", "one"))).toEqual(failed);
    read.mockRestore();
    expect(await shield.measure(asked("read", "one"))).toMatchObject({ outcome: "measured" });
  });

  it("begins anew with a profile that was folded half-way", async () => {
    await learn(5);
    const before = await bytesNow();
    begin();
    const { id } = await stored();
    const readAfter = store.shield.readAfter.bind(store.shield);
    const read = vi.spyOn(store.shield, "readAfter").mockImplementation(async (...args) => {
      const { profile, entries } = await readAfter(...args);
      const bad = {
        get kind(): never {
          throw new Error("broken");
        },
        sequence: 1e9,
      };
      return { profile, entries: [...entries.slice(0, 3), bad as never] };
    });
    await expect(shield.profile(id)).rejects.toThrow();
    read.mockRestore();
    expect(await bytesNow()).toBe(before);
  });

  it("of what was observed fails as a whole, so that it is told again", async () => {
    vi.spyOn(store.shield, "observe").mockRejectedValueOnce(new Error("away"));
    await expect(observe(["read"], "one")).rejects.toThrow("away");
    await observe(["read"], "one");
    expect((await shield.profile((await stored()).id)).describe().steps).toBe(1);
  });
});

describe("what is in memory", () => {
  it("[P-SHIELD-BOUNDED] is bounded, and what was let go is loaded again", async () => {
    const first = tenant;
    for (const [index, name] of ["one", "two"].entries()) {
      if (index > 0) tenant = await createTenant(store, name);
      for (let batch = 0; batch < 3; batch += 1) {
        const observations = Array.from({ length: 100 }, (_, at) => ({
          id: typeidUnboxed("obs"),
          service: `service-${batch}-${at}`,
          action: "read",
          endsRun: false,
          observedAt: clock.now(),
        }));
        await shield.observe(caller(), observations);
      }
    }
    expect(shield.profiles.heldIds().length).toBeLessThanOrEqual(500);
    tenant = first;
    const { id } = await stored("service-0-0");
    expect(shield.profiles.heldIds()).not.toContain(id);
    expect((await shield.profile(id)).describe().steps).toBe(1);
  });
});

it("is described with others, in their order, a few loaded at a time", async () => {
  const services = Array.from({ length: 9 }, (_, index) => `service-${index}`);
  for (const service of services) await observe(["read", service], "one", service);
  begin();
  const loadSnapshot = store.shield.loadSnapshot.bind(store.shield);
  let [loading, most] = [0, 0];
  const load = vi.spyOn(store.shield, "loadSnapshot").mockImplementation(async (id) => {
    loading += 1;
    most = Math.max(most, loading);
    return loadSnapshot(id).finally(() => {
      loading -= 1;
    });
  });
  const all = await store.shield.listProfiles(tenant.projectId);
  const overviews = await describeProfiles({ store, shield, clock }, all);
  expect(overviews.map(({ stored: { service } }) => service)).toEqual(services);
  expect(load).toHaveBeenCalledTimes(9);
  expect(most).toBe(4);
});

it("[P-SHIELD-SAME] begins with the snapshot where it stood before what has been deleted", async () => {
  await learn(3);
  const { id } = await stored();
  const left = shield;
  await left.profile(id);
  begin();
  await learn(3);
  const profile = await shield.profile(id);
  await store.shield.saveSnapshot(id, profile.sequence, profile.encode());
  while ((await store.shield.prune(clock.now() + 1, 1_000)) > 0);
  await learn(1);
  expect(profile.sequence).toBeLessThan((await shield.profile(id)).sequence);
  const bytes = async (of: Shield) => Buffer.from((await of.profile(id)).encode()).toString("hex");
  expect(await bytes(left)).toBe(await bytes(shield));
});

describe("the worker", () => {
  const sequenceOf = async () =>
    (await store.shield.loadSnapshot((await stored()).id))?.sequence ?? 0;

  it("keeps a snapshot of what has grown by 2,000 entries, and not of less", async () => {
    await worker.sweep();
    await observe(
      Array.from({ length: 1_999 }, () => "read"),
      "long",
    );
    await worker.sweep();
    expect(await sequenceOf()).toBe(0);
    await observe(["read"], "long");
    await worker.sweep();
    const first = await sequenceOf();
    expect(first).toBeGreaterThanOrEqual(2_000);
    await observe(["read"], "long");
    await worker.sweep();
    expect(await sequenceOf()).toBe(first);
  });

  it("keeps one each hour of what has grown at all, so that the log can be cleared", async () => {
    await worker.sweep();
    await observe(["read"], "one");
    await worker.sweep();
    expect(await sequenceOf()).toBe(0);
    clock.advance(3_600_000);
    await worker.sweep();
    expect(await sequenceOf()).toBeGreaterThan(0);
  });

  it("[P-SHIELD-MODES] locks a baseline that has flattened once, whoever else looks", async () => {
    await learn(210);
    const there = worker;
    begin();
    await shield.profile((await stored()).id);
    await Promise.all([there.sweep(), worker.sweep()]);
    expect(await stored()).toMatchObject({
      mode: "locked",
      lockedAtRuns: 210,
      changedBy: { type: "system", id: "shield" },
    });
    await setMode("shadow");
    await worker.sweep();
    expect((await stored()).mode).toBe("shadow");
  }, 60_000);

  it("goes on with others when one cannot be kept", async () => {
    await observe(["read"], "one");
    await observe(["read"], "one", "other");
    const { id } = await stored();
    const catchUp = vi.spyOn(store.shield, "readAfter");
    catchUp.mockRejectedValueOnce(new Error("away"));
    await worker.sweep();
    expect(lines.join("\n")).toContain("keeping a shield profile failed");
    expect(lines.join("\n")).toContain(id);
    expect(await store.shield.loadSnapshot((await stored("other")).id)).toBeDefined();
  });

  it("says so in the log when a look of its own accord fails altogether, and takes the next use", async () => {
    worker.start();
    const now = vi.spyOn(clock, "now").mockImplementation(() => {
      throw new Error(SECRET);
    });
    clock.advance(5_000);
    await vi.waitFor(() => expect(lines.join("\n")).toContain("shield sweep failed"), {
      timeout: 20_000,
    });
    expect(lines.join("\n")).not.toContain(SECRET);
    now.mockRestore();
    await observe(
      Array.from({ length: 2_000 }, () => "read"),
      "one",
    );
    clock.advance(5_000);
    await vi.waitFor(async () => expect(await sequenceOf()).toBeGreaterThanOrEqual(2_000), {
      timeout: 20_000,
    });
  });
});
