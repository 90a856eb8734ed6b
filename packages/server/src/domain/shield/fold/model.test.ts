import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ShieldStep } from "../entry.js";
import { DAY_MS, TestLog } from "../testing.js";

const HALF_LIFE_MS = 30 * DAY_MS;
const ACTIONS = ["a", "b", "c", "d"];
const SHAPES = ["s1", "s2", "s3"];
const NEVER_SEEN = "never_seen";

const runs = fc.array(
  fc.record({
    daysBefore: fc.integer({ min: 0, max: 6 }),
    steps: fc.array(
      fc.record({
        action: fc.constantFrom(...ACTIONS),
        shape: fc.option(fc.constantFrom(...SHAPES), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  }),
  { minLength: 1, maxLength: 12 },
);
type GivenRuns = typeof runs extends fc.Arbitrary<infer Value> ? Value : never;

/** What was seen where, and when. `null` is the end of a run. */
interface Seen {
  readonly row: string;
  readonly symbol: string | null;
  readonly at: number;
}

/** Witten–Bell as the papers have it, over lists of all that was ever seen. */
class Reference {
  readonly anywhere: Seen[] = [];
  readonly first: Seen[] = [];
  readonly second: Seen[] = [];
  readonly shapes: Seen[] = [];

  learn(step: ShieldStep): void {
    const { action, skeletonHash, receivedAt: at } = step;
    this.anywhere.push({ row: "", symbol: action, at });
    if (skeletonHash !== undefined) this.shapes.push({ row: action, symbol: skeletonHash, at });
    this.way(step.previous, step.beforePrevious, { symbol: action, at });
  }

  end({ action, previous, receivedAt: at }: ShieldStep): void {
    this.anywhere.push({ row: "", symbol: null, at });
    this.way(action, previous, { symbol: null, at });
  }

  way(previous: string | undefined, before: string | undefined, seen: Omit<Seen, "row">): void {
    this.first.push({ row: `${previous}`, ...seen });
    if (previous !== undefined) this.second.push({ row: `${before} ${previous}`, ...seen });
  }

  /** Odds by one step back, and by two. */
  odds(symbol: string | null, context: { previous?: string; before?: string; now: number }) {
    const { previous, before, now } = context;
    const anywhere = smooth(this.anywhere, "", { symbol, now });
    const byOne = smooth(this.first, `${previous}`, { symbol, now, lower: anywhere });
    const byTwo =
      previous === undefined
        ? byOne
        : smooth(this.second, `${before} ${previous}`, { symbol, now, lower: byOne });
    return { byOne, byTwo };
  }
}

function smooth(
  seen: readonly Seen[],
  row: string,
  of: { readonly symbol: string | null; readonly now: number; readonly lower?: number },
): number {
  const here = seen.filter((one) => one.row === row);
  const distinct = new Set(here.map(({ symbol }) => symbol)).size;
  const lower = of.lower ?? 1 / (distinct + 1);
  if (distinct === 0) return lower;
  const weigh = (some: readonly Seen[]) =>
    some.reduce((sum, { at }) => sum + 2 ** ((at - of.now) / HALF_LIFE_MS), 0);
  const same = weigh(here.filter(({ symbol }) => symbol === of.symbol));
  return (same + distinct * lower) / (weigh(here) + distinct);
}

function learnBoth(given: GivenRuns) {
  const log = new TestLog();
  const reference = new Reference();
  for (const [index, { daysBefore, steps }] of given.entries()) {
    log.nowMs += daysBefore * DAY_MS;
    for (const [at, { action, shape }] of steps.entries()) {
      const step = log.step(action, {
        runKey: `agt_1/${index}`,
        endsRun: at === steps.length - 1,
        ...(shape !== undefined && { skeletonHash: shape }),
      });
      reference.learn(step);
      if (step.endsRun) reference.end(step);
    }
  }
  return { log, reference };
}

/** Time is told in parts of 42 minutes, so weights are right to a thousandth. */
const DIGITS = 2;

describe("the model of a profile", () => {
  it("gives the odds of Witten and Bell, of both orders and of shapes", () => {
    fc.assert(
      fc.property(runs, (given) => {
        const { log, reference } = learnBoth(given);
        const now = log.nowMs;
        const contexts = [{}, ...ACTIONS.map((previous) => ({ previous, before: "a" }))];
        for (const context of contexts) {
          for (const action of [...ACTIONS, NEVER_SEEN]) {
            const { byOne, byTwo } = reference.odds(action, { ...context, now });
            expect(bitsOf(log, action, context, "medium")).toBeCloseTo(-Math.log2(byOne), DIGITS);
            expect(bitsOf(log, action, context, "critical")).toBeCloseTo(-Math.log2(byTwo), DIGITS);
          }
        }
        for (const shape of [...SHAPES, "never seen"]) {
          const { structureBits } = log.measure("a", { skeletonHash: shape });
          const isKnown = reference.anywhere.some(({ symbol }) => symbol === "a");
          const odds = isKnown ? smooth(reference.shapes, "a", { symbol: shape, now }) : 1;
          expect(structureBits).toBeCloseTo(-Math.log2(odds), DIGITS);
        }
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it("gives odds that make up one: of all actions, the end of a run, and what was never seen", () => {
    fc.assert(
      fc.property(runs, fc.constantFrom("medium", "critical"), (given, priority) => {
        const { log, reference } = learnBoth(given);
        const seen = new Set(reference.anywhere.map(({ symbol }) => symbol));
        for (const context of [{}, { previous: "a", before: "b" }, { previous: "c" }]) {
          const actions = [...ACTIONS.filter((action) => seen.has(action)), NEVER_SEEN];
          const all = actions.reduce(
            (sum, action) => sum + 2 ** -bitsOf(log, action, context, priority),
            0,
          );
          const end = reference.odds(null, { ...context, now: log.nowMs });
          expect(all + (priority === "critical" ? end.byTwo : end.byOne)).toBeCloseTo(1, DIGITS);
        }
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  it("takes approvals as steps that do not fade, and asks nothing of a way people call usual", () => {
    const log = new TestLog();
    for (let run = 0; run < 50; run += 1) log.run(`agt_1/${run}`, ["a", "b"]);
    const [, odd] = log.run("agt_1/odd", ["a", "c"]);
    if (odd === undefined) throw new Error("no step");
    const before = edgeOf(log, "a", "c");
    log.review(odd, "usual");
    expect(log.measure("c", { runKey: odd.runKey }).facts.approvals).toBe(0);
    log.step("a", { runKey: "agt_1/again" });
    const again = log.measure("c", { runKey: "agt_1/again" });
    expect(again.pathBits).toBe(0);
    expect(again.facts).toMatchObject({ approvals: 1, sameWay: 1, fromHere: 51 });
    // One step and five steps' worth of a person's word, of 51 and five.
    expect(before?.probability).toBeCloseTo(1 / 51, 4);
    expect(edgeOf(log, "a", "c")?.probability).toBeCloseTo(6 / 56, 4);
  });
});

function bitsOf(
  log: TestLog,
  action: string,
  { previous, before }: { previous?: string; before?: string },
  priority: "medium" | "critical",
): number {
  const intent = {
    runKey: "agt_1/asked",
    action,
    priority,
    receivedAt: log.nowMs,
    endsRun: false,
  };
  return log.profile.score(intent, {
    ...(previous !== undefined && { previous }),
    ...(before !== undefined && { beforePrevious: before }),
  }).pathBits;
}

function edgeOf(log: TestLog, from: string, to: string) {
  const description = log.profile.describe();
  const among = new Set(description.nodes(100).map(({ action }) => action));
  return description.edges(100, among).find((edge) => edge.from === from && edge.to === to);
}
