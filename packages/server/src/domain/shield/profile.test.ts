import { createHash } from "node:crypto";
import { LIMITS } from "@holdpoint/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ShieldEntry, ShieldStep } from "./entry.js";
import { createProfile, decodeProfile, type ShieldProfile } from "./profile.js";
import { RUN_IDLE_MS, RUN_KEPT_MS } from "./run.js";
import { createRandom, DAY_MS, learnRoutine, START_AT, TestLog } from "./testing.js";

/** All that may come: some ways often, hostile names, late and future claims, jumps of the clock, reviews. */
const doings = fc.array(
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        does: fc.constant("step" as const),
        runKey: fc.constantFrom("agt_1", "agt_1/a", "agt_1/b", "agt_2/__proto__"),
        action: fc.constantFrom("read", "write", "__proto__", "constructor", "", "x".repeat(200)),
        skeletonHash: fc.option(fc.constantFrom("s1", "", "__proto__"), { nil: undefined }),
        priority: fc.constantFrom("low" as const, "critical" as const),
        observedMs: fc.option(fc.integer({ min: -4_000_000, max: 400_000_000_000 }), {
          nil: undefined,
        }),
        afterMs: fc.oneof(
          fc.integer({ min: 0, max: 60_000 }),
          fc.constantFrom(-DAY_MS, -400 * DAY_MS, RUN_IDLE_MS, RUN_KEPT_MS, 36_500 * DAY_MS),
        ),
        endsRun: fc.boolean(),
        isLocked: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant("review" as const),
        of: fc.nat(200),
        answer: fc.constantFrom("usual" as const, "unusual" as const),
      }),
    },
  ),
  { minLength: 1, maxLength: 120 },
);
type Doings = typeof doings extends fc.Arbitrary<infer Value> ? Value : never;

function logOf(given: Doings): TestLog {
  const log = new TestLog({ holdOneIn: 10 });
  const steps: ShieldStep[] = [];
  for (const doing of given) {
    if (doing.does === "review") {
      const step = steps[doing.of % steps.length];
      if (step !== undefined) log.review(step, doing.answer);
      continue;
    }
    const { does, action, skeletonHash, observedMs, afterMs, isLocked, ...rest } = doing;
    log.nowMs = Math.max(log.nowMs + afterMs, 0);
    log.isLocked = isLocked;
    const fields = {
      ...rest,
      ...(skeletonHash !== undefined && { skeletonHash }),
      ...(observedMs !== undefined && { observedAt: log.nowMs + observedMs }),
    };
    steps.push(log.step(action, fields));
  }
  return log;
}

function foldOf(entries: readonly ShieldEntry[], from: ShieldProfile = createProfile()) {
  for (const entry of entries) from.apply(entry);
  return from;
}

describe("[P-SHIELD-SAME] a profile as the fold of its log", () => {
  it("[P-SHIELD-SAME] is the same to the byte, whole or from a snapshot anywhere in the log", () => {
    fc.assert(
      fc.property(doings, fc.nat(200), (given, cut) => {
        const { entries, profile } = logOf(given);
        const at = cut % (entries.length + 1);
        const half = decodeProfile(foldOf(entries.slice(0, at)).encode());
        const whole = foldOf(entries);
        expect(bytesOf(foldOf(entries.slice(at), half))).toEqual(bytesOf(whole));
        expect(bytesOf(whole)).toEqual(bytesOf(profile));
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it("[P-SHIELD-SAME] measures the same from a snapshot", () => {
    const log = new TestLog();
    learnRoutine(log, 300);
    const copy = decodeProfile(log.profile.encode());
    for (const action of ["read_logs", "open_ticket", "apply_terraform"]) {
      const intent = {
        runKey: "agt_1/x",
        action,
        skeletonHash: "s",
        priority: "critical" as const,
        receivedAt: log.nowMs + DAY_MS,
        endsRun: false,
      };
      const context = { previous: "read_logs" };
      expect(copy.score(intent, context)).toEqual(log.profile.score(intent, context));
    }
    expect(copy.describe().entropy).toEqual(log.profile.describe().entropy);
  });

  it("[P-SHIELD-SAME] takes each entry once, and none out of order", () => {
    const log = new TestLog();
    learnRoutine(log, 20);
    const before = bytesOf(log.profile);
    for (const entry of [...log.entries].reverse()) log.profile.apply(entry);
    expect(bytesOf(log.profile)).toEqual(before);
    expect(log.profile.sequence).toBe(log.entries.length);
  });

  it("stays consistent whatever comes", () => {
    fc.assert(
      fc.property(doings, (given) => {
        const { profile, nowMs } = logOf(given);
        const description = profile.describe();
        const nodes = description.nodes(10);
        const edges = description.edges(100, new Set(nodes.map(({ action }) => action)));
        for (const { probability, count, approvals } of edges) {
          expect(probability).toBeGreaterThanOrEqual(0);
          expect(probability).toBeLessThanOrEqual(1);
          expect(count + approvals).toBeGreaterThan(0);
        }
        for (const action of ["read", "__proto__", "never"]) {
          const score = profile.score(
            { runKey: "r", action, priority: "critical", receivedAt: nowMs, endsRun: false },
            { previous: "read", beforePrevious: "__proto__" },
          );
          expect(Number.isFinite(score.surpriseBits)).toBe(true);
          expect(score.surpriseBits).toBeGreaterThanOrEqual(0);
        }
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ["nothing", () => new Uint8Array()],
    ["too few of them", (bytes) => bytes.slice(0, -1)],
    ["too many of them", (bytes) => Uint8Array.from([...bytes, 0])],
    ["of a later version", (bytes) => changed(bytes, 4)],
    ["something else", (bytes) => changed(bytes, 0)],
    ["changed in the head", (bytes) => changed(bytes, 100)],
    ["changed at the end", (bytes) => changed(bytes, bytes.length - 1)],
    ["of a length that is none", (bytes) => changed(bytes, 15)],
    ["of columns without end", (bytes) => changed(bytes, 19)],
  ])("refuses bytes that are %s", (_, change) => {
    const log = new TestLog();
    learnRoutine(log, 5);
    const bytes = log.profile.encode();
    expect(() => decodeProfile(change(bytes))).toThrow(/^Expected the bytes of a shield profile/);
    expect(decodeProfile(bytes).sequence).toBe(log.profile.sequence);
  });

  it("reads bytes wherever they begin in memory", () => {
    const log = new TestLog();
    learnRoutine(log, 5);
    const bytes = log.profile.encode();
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(bytesOf(decodeProfile(shifted.subarray(3)))).toEqual(bytesOf(log.profile));
  });
});

describe("[P-SHIELD-BOUNDED] a profile and names without end", () => {
  it("[P-SHIELD-BOUNDED] counts actions beyond the limit as one, and says so", () => {
    const log = new TestLog();
    for (let at = 0; at < LIMITS.shieldActions; at += 1) log.step(`order_${at}`);
    expect(log.profile.describe().warnings).toEqual([]);
    for (let at = 0; at < 1_000; at += 1) log.step(`more_${at}`);
    const description = log.profile.describe();
    expect(description.actions).toBe(LIMITS.shieldActions);
    expect(description.warnings).toEqual([
      expect.stringMatching(/^More than 10,000 actions: the rest count as one\..* ids in them/),
    ]);
    expect(description.nodes(1)).toEqual([{ action: "(others)", count: 1_000, shapes: 0 }]);
    expect(log.profile.encode().length).toBeLessThan(5_000_000);
  });

  it("[P-SHIELD-BOUNDED] counts transitions beyond the limit as one for each action, and says so", () => {
    const profile = createProfile();
    const random = createRandom(3);
    let previous = "begin";
    let before = "begin";
    for (let sequence = 1; sequence <= 600_000; sequence += 1) {
      const action = `action_${Math.floor(random() * 2_000)}`;
      profile.apply({
        kind: "step",
        sequence,
        runKey: "agt_1/a",
        action,
        priority: "low",
        receivedAt: START_AT + sequence,
        endsRun: false,
        previous,
        beforePrevious: before,
        surpriseBits: 1,
        departs: false,
        learns: true,
      });
      before = previous;
      previous = action;
    }
    const description = profile.describe();
    expect(description.warnings).toEqual([
      expect.stringMatching(/^More than 1,000,000 transitions between actions/),
    ]);
    expect(description.transitions).toBeLessThanOrEqual(LIMITS.shieldTransitions);
    // 24 bytes for a transition, 28 for what it leads to, and names and runs.
    expect(profile.encode().length).toBeLessThan(60_000_000);
  });

  it("[P-SHIELD-BOUNDED] counts shapes beyond the limit as one, and names the action", () => {
    const log = new TestLog();
    for (let at = 0; at <= LIMITS.shieldShapes + 10; at += 1) {
      log.step("import_rows", { skeletonHash: `shape_${at}` });
    }
    const { warnings } = log.profile.describe();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("shapes of the arguments of import_rows");
    const other = log.measure("import_rows", { skeletonHash: "shape_never_seen" });
    expect(other.facts.shapeCount).toBe(11);
  });

  it("[P-SHIELD-BOUNDED] knows where 20,000 runs stand, the last ones", () => {
    const log = new TestLog();
    for (let run = 0; run < 25_000; run += 1) {
      log.nowMs -= 995;
      log.step("read", { runKey: `agt_1/${run}` });
    }
    const known = (run: number) => log.profile.cursor(`agt_1/${run}`) !== undefined;
    expect([known(0), known(4_999), known(5_000), known(24_999)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    // Those given up have ended, as far as anybody will ever know.
    expect(log.profile.describe().runs).toBe(5_000);
  });

  it("[P-SHIELD-BOUNDED] stays as small as it was after a million steps of the same", () => {
    const profile = createProfile();
    let size = 0;
    for (let sequence = 1; sequence <= 1_000_000; sequence += 1) {
      const at = sequence % 10;
      profile.apply({
        kind: "step",
        sequence,
        runKey: "agt_1",
        action: `action_${at}`,
        ...(at > 0 && { previous: `action_${at - 1}` }),
        ...(at > 1 && { beforePrevious: `action_${at - 2}` }),
        priority: "low",
        receivedAt: START_AT + sequence * 100,
        endsRun: at === 9,
        surpriseBits: 0,
        departs: false,
        learns: true,
      });
      if (sequence === 10_000) size = profile.encode().length;
    }
    expect(profile.describe()).toMatchObject({ steps: 1_000_000, runs: 100_000, transitions: 11 });
    expect(profile.encode().length).toBeLessThan(size + 2_000);
  });
});

/** Stands for the bytes: to compare them one by one takes a test framework long. */
function bytesOf(profile: ShieldProfile): string {
  return createHash("sha256").update(profile.encode()).digest("hex");
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
