import { describe, expect, it } from "vitest";
import { departs } from "./departure.js";
import type { ShieldStep } from "./entry.js";
import { RUN_IDLE_MS } from "./run.js";
import { DAY_MS, learnRoutine, TestLog } from "./testing.js";

const JUMP = ["read_logs", "apply_terraform"];

function lockedLog(): TestLog {
  const log = new TestLog();
  learnRoutine(log, 300);
  log.isLocked = true;
  return log;
}

/** The second step of a run that jumps where nobody has ever gone. */
function jump(log: TestLog, runKey: string): ShieldStep {
  const [, second] = log.run(runKey, JUMP);
  if (second === undefined) throw new Error("no second step");
  return second;
}

describe("[P-SHIELD-TAUGHT] what a locked baseline learns", () => {
  it("[P-SHIELD-TAUGHT] repeating a departure 10,000 times never makes it usual; one review does", () => {
    const log = lockedLog();
    for (let run = 0; run < 10_000; run += 1) {
      const step = jump(log, `agt_1/jump_${run}`);
      if (!step.departs) throw new Error(`usual after ${run} times`);
    }
    const last = jump(log, "agt_1/last");
    expect(last).toMatchObject({ departs: true, learns: false });
    log.review(last, "usual");
    expect(jump(log, "agt_1/after")).toMatchObject({ departs: false });
  });

  it("[P-SHIELD-TAUGHT] nor do departures spread over what is less surprising", () => {
    const log = lockedLog();
    const rare = () => {
      log.step("read_logs", { runKey: "agt_1/rare" });
      return log.measure("open_ticket", { runKey: "agt_1/rare" });
    };
    expect(departs(rare(), 100)).toBe(true);
    for (let run = 0; run < 2_000; run += 1) jump(log, `agt_1/jump_${run}`);
    expect(departs(rare(), 100)).toBe(true);
  });

  it("[P-SHIELD-TAUGHT] one review makes it usual however often the agent went elsewhere", () => {
    const log = lockedLog();
    learnRoutine(log, 3_000, 2);
    log.review(jump(log, "agt_1/jump"), "usual");
    expect(jump(log, "agt_1/again").departs).toBe(false);
  });

  it("[P-SHIELD-TAUGHT] a review of the way alone does not teach the shape it was asked with", () => {
    const log = new TestLog();
    for (let run = 0; run < 250; run += 1) {
      log.run(`agt_1/mail_${run}`, ["read_logs", "summarise", "open_ticket"], {
        skeletonHash: "usual",
      });
    }
    log.isLocked = true;
    log.step("read_logs", { runKey: "agt_1/jump" });
    const odd = log.step("open_ticket", { runKey: "agt_1/jump", skeletonHash: "odd" });
    const { skeletonHash, ...way } = odd;
    log.review(way, "usual");
    log.step("read_logs", { runKey: "agt_1/again" });
    const again = log.measure("open_ticket", { runKey: "agt_1/again", skeletonHash: "odd" });
    expect(again.pathBits).toBe(0);
    expect(again.structureBits).toBeGreaterThan(5);
    expect(departs(again, 100)).toBe(true);
    log.review(odd, "usual");
    const taught = log.measure("open_ticket", { runKey: "agt_1/again", skeletonHash: "odd" });
    expect(taught.surpriseBits).toBe(0);
  });

  it("[P-SHIELD-TAUGHT] counts nothing of itself while locked, usual or not", () => {
    const log = lockedLog();
    const { steps, runs, calibratedRuns } = log.profile.describe();
    const before = log.measure("read_logs", { runKey: "agt_1/x" });
    learnRoutine(log, 500, 2);
    for (let run = 0; run < 500; run += 1) jump(log, `agt_1/jump_${run}`);
    // The runs are told; nothing is measured by them.
    expect(log.profile.describe()).toMatchObject({ steps, runs: runs + 1_000, calibratedRuns });
    const { facts, ...after } = log.measure("read_logs", { runKey: "agt_1/x" });
    expect(before).toMatchObject(after);
  });

  it("[P-SHIELD-TAUGHT] learns what leads on from a step once that is called usual", () => {
    const log = lockedLog();
    log.step("read_logs", { runKey: "agt_1/a" });
    log.step("apply_terraform", { runKey: "agt_1/a" });
    const { runKey } = log.step("read_logs", { runKey: "agt_1/b" });
    const approved = log.step("apply_terraform", { runKey });
    log.review(approved, "usual");
    log.isLocked = false;
    log.step("open_ticket", { runKey: "agt_1/a" });
    expect(countOf(log, "apply_terraform", "open_ticket")).toBe(0);
    log.step("open_ticket", { runKey });
    expect(countOf(log, "apply_terraform", "open_ticket")).toBe(1);
  });

  it("[P-SHIELD-TAUGHT] learns everything in shadow, and still tells what departs", () => {
    const log = lockedLog();
    log.isLocked = false;
    expect(jump(log, "agt_1/jump")).toMatchObject({ departs: true, learns: true });
    expect(countOf(log, "read_logs", "apply_terraform")).toBe(1);
  });

  it("takes five steps, an approval and what was learnt away for an unusual one", () => {
    const log = new TestLog();
    let last: ShieldStep | undefined;
    for (let run = 0; run < 20; run += 1) last = log.run(`agt_1/${run}`, ["read", "write"])[1];
    if (last === undefined) throw new Error("no step");
    log.review(last, "usual");
    expect(edgeOf(log, "read", "write")).toMatchObject({ count: 20, approvals: 1 });
    log.review(last, "unusual");
    expect(edgeOf(log, "read", "write")).toMatchObject({ count: 14, approvals: 0 });
    for (let time = 0; time < 10; time += 1) log.review(last, "unusual");
    expect(edgeOf(log, "read", "write")).toBeUndefined();
    expect(log.measure("write").surpriseBits).toBeGreaterThan(1);
  });

  it("names what most went to after people took that back", () => {
    const log = new TestLog();
    let first: ShieldStep | undefined;
    for (let run = 0; run < 6; run += 1) first = log.run(`agt_1/a${run}`, ["read", "write"])[1];
    for (let run = 0; run < 4; run += 1) log.run(`agt_1/b${run}`, ["read", "list"]);
    if (first === undefined) throw new Error("no step");
    const usual = () => log.measure("list", { runKey: "agt_1/x" }).facts.usual;
    log.step("read", { runKey: "agt_1/x" });
    expect(usual()).toEqual({ action: "write", count: 6 });
    log.review(first, "unusual");
    expect(usual()).toEqual({ action: "list", count: 4 });
  });

  it("measures against no run of which a step was called unusual before it ended", () => {
    const log = new TestLog();
    const first = log.step("read", { runKey: "agt_1/a" });
    log.review(first, "unusual");
    log.step("write", { runKey: "agt_1/a", endsRun: true });
    expect(log.profile.describe()).toMatchObject({ runs: 1, calibratedRuns: 0 });
  });
});

describe("old habits", () => {
  it("fade, and those people have approved do not", () => {
    const log = new TestLog();
    const often = (action: string) => {
      for (let run = 0; run < 50; run += 1) {
        log.run(`agt_1/${log.entries.length}`, ["read", action]);
      }
    };
    often("old_habit");
    const [, approved] = log.run("agt_1/approved", ["read", "approved_habit"]);
    if (approved === undefined) throw new Error("no step");
    log.review(approved, "usual");
    const before = edgeOf(log, "read", "old_habit")?.probability ?? 0;
    expect(before).toBeGreaterThan(0.8);
    for (let day = 0; day < 300; day += 1) {
      log.nowMs += DAY_MS;
      log.run(`agt_1/day_${day}`, ["read", "write"]);
    }
    // Ten half-lives later; the agent itself goes there some 43 steps of now.
    expect(edgeOf(log, "read", "old_habit")?.probability).toBeLessThan(0.002);
    expect(edgeOf(log, "read", "approved_habit")?.probability).toBeCloseTo(5 / 49, 2);
    log.step("read", { runKey: "agt_1/x" });
    expect(log.measure("approved_habit", { runKey: "agt_1/x" }).pathBits).toBe(0);
    expect(log.measure("old_habit", { runKey: "agt_1/x" }).pathBits).toBeGreaterThan(6);
    // Counts are for people: what was is not unmade.
    expect(countOf(log, "read", "old_habit")).toBe(50);
  });

  it("do not fade while they are locked", () => {
    const log = lockedLog();
    const before = log.measure("read_logs", { runKey: "agt_1/x" }).surpriseBits;
    for (let day = 0; day < 200; day += 1) {
      log.nowMs += DAY_MS;
      jump(log, `agt_1/jump_${day}`);
    }
    expect(log.measure("read_logs", { runKey: "agt_1/x" }).surpriseBits).toBe(before);
  });

  it("do not fade while the service rests: a year of nothing counts as a week", () => {
    const log = new TestLog();
    learnRoutine(log, 300);
    const before = log.measure("read_logs", { runKey: "agt_1/x" }).surpriseBits;
    log.nowMs += 365 * DAY_MS;
    const after = log.measure("read_logs", { runKey: "agt_1/x" });
    expect(after.surpriseBits).toBeLessThan(before + 0.01);
    expect(departs(after, 100)).toBe(false);
  });

  it.each([
    ["ahead by a hundred years and back", 36_500 * DAY_MS],
    ["back by a year and forth", -365 * DAY_MS],
  ])("survive a clock that jumps %s", (_, jumpMs) => {
    const log = new TestLog();
    learnRoutine(log, 150);
    log.nowMs += jumpMs;
    log.run("agt_1/jumped", ["read_logs", "summarise", "open_ticket"]);
    log.nowMs -= jumpMs;
    learnRoutine(log, 150, 2);
    log.isLocked = true;
    expect(log.run("agt_1/a", ["read_logs", "summarise", "open_ticket"])).toMatchObject([
      { departs: false },
      { departs: false },
      { departs: false },
    ]);
    expect(jump(log, "agt_1/jump").departs).toBe(true);
    expect(log.profile.describe().runs).toBe(303);
  });
});

describe("runs", () => {
  it("end half an hour after their last step, which the fold notices when something comes", () => {
    const log = new TestLog();
    log.step("read", { runKey: "agt_1" });
    log.nowMs += RUN_IDLE_MS - 2_000;
    log.step("read", { runKey: "agt_2" });
    expect(log.profile.describe().runs).toBe(0);
    log.nowMs += 2_000;
    log.step("read", { runKey: "agt_2" });
    expect(log.profile.describe().runs).toBe(1);
    expect(log.profile.cursor("agt_1")).toBeUndefined();
    expect(countOf(log, "read", null)).toBe(1);
  });

  it("with an id are reopened where they stood, and their end is taken back", () => {
    const log = new TestLog();
    log.step("read", { runKey: "agt_1/a", endsRun: true });
    expect(countOf(log, "read", null)).toBe(1);
    log.nowMs += DAY_MS;
    const step = log.step("write", { runKey: "agt_1/a" });
    expect(step.previous).toBe("read");
    expect(countOf(log, "read", null)).toBe(0);
    expect(countOf(log, "read", "write")).toBe(1);
    log.step("close", { runKey: "agt_1/a", endsRun: true });
    // It is one run, however often it ended.
    expect(log.profile.describe()).toMatchObject({ runs: 1, calibratedRuns: 1 });
    expect(log.profile.describe().entropy).toHaveLength(1);
  });

  it("without an id begin anew once they are over", () => {
    const log = new TestLog();
    log.step("read", { runKey: "agt_1", endsRun: true });
    expect(log.step("write", { runKey: "agt_1" }).previous).toBeUndefined();
    log.nowMs += RUN_IDLE_MS;
    expect(log.step("close", { runKey: "agt_1" }).previous).toBeUndefined();
    expect(countOf(log, null, "close")).toBe(1);
    expect(log.profile.describe().runs).toBe(2);
  });

  it("count a step that came late by itself, not for its way", () => {
    const log = new TestLog();
    log.step("read", { observedAt: log.nowMs });
    log.step("write", { observedAt: log.nowMs + 1_000 });
    const cursor = log.profile.cursor("agt_1/run_1");
    log.step("list", { observedAt: log.nowMs - 500, skeletonHash: "s" });
    expect(log.profile.cursor("agt_1/run_1")).toEqual(cursor);
    expect(countOf(log, "write", "list")).toBe(0);
    expect(log.measure("list", { skeletonHash: "s" }).facts).toMatchObject({
      actionCount: 1,
      shapeCount: 1,
    });
    log.step("close", { observedAt: log.nowMs });
    expect(countOf(log, "write", "close")).toBe(1);
  });

  it("tell how unusual the time since the step before is, by the agent's clock", () => {
    const log = new TestLog();
    for (let run = 0; run < 50; run += 1) {
      const runKey = `agt_1/${run}`;
      log.step("read", { runKey, observedAt: log.nowMs });
      log.step("write", { runKey, observedAt: log.nowMs - 1_000 + 200, endsRun: true });
    }
    log.step("read", { runKey: "agt_1/x", observedAt: log.nowMs });
    const at = log.nowMs - 1_000;
    const bits = (observedAt?: number) =>
      log.measure("write", { runKey: "agt_1/x", ...(observedAt !== undefined && { observedAt }) })
        .timingBits;
    expect(bits(at + 200)).toBe(0);
    expect(bits(at + 3_600_000)).toBeGreaterThan(5);
    expect(bits()).toBeUndefined();
    expect(bits(at - 5_000)).toBeUndefined();
  });
});

function edgeOf(log: TestLog, from: string | null, to: string | null) {
  const description = log.profile.describe();
  const among = new Set(description.nodes(100).map(({ action }) => action));
  return description.edges(1_000, among).find((edge) => edge.from === from && edge.to === to);
}

function countOf(log: TestLog, from: string | null, to: string | null): number {
  return edgeOf(log, from, to)?.count ?? 0;
}
