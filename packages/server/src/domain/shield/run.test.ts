import { describe, expect, it } from "vitest";
import {
  type AdvancingStep,
  advanceRun,
  contextOf,
  forgiveRun,
  isLate,
  RUN_IDLE_MS,
  RUN_KEPT_MS,
  type RunCursor,
  resumeRun,
} from "./run.js";
import { START_AT } from "./testing.js";

const stepOf = (fields: Partial<AdvancingStep> = {}): AdvancingStep => ({
  runKey: "agt_1/a",
  action: "read",
  receivedAt: START_AT,
  endsRun: false,
  surpriseBits: 1,
  departs: false,
  ...fields,
});

const after = (...steps: readonly AdvancingStep[]) =>
  steps.reduce<RunCursor | undefined>(advanceRun, undefined);

describe("where a run stands", () => {
  it("is after its last two steps", () => {
    expect(contextOf(undefined, { receivedAt: START_AT })).toEqual({});
    const cursor = after(stepOf(), stepOf({ action: "write", surpriseBits: 7 }), stepOf());
    expect(cursor).toMatchObject({ steps: 3, maxSurpriseBits: 7, previous: "read" });
    expect(contextOf(cursor, { receivedAt: START_AT })).toEqual({
      previous: "read",
      beforePrevious: "write",
    });
  });

  it("moves what it is given nowhere", () => {
    const cursor = Object.freeze(advanceRun(undefined, stepOf()));
    const step = Object.freeze(stepOf({ cost: { amountMinor: 1, currency: "EUR" } }));
    expect(advanceRun(cursor, step).steps).toBe(2);
    expect(cursor.steps).toBe(1);
  });

  it("begins anew after half an hour, or an end, without an id; with one, after seven days", () => {
    const known = after(stepOf());
    const nameless = after(stepOf({ runKey: "agt_1" }));
    const isThereAfter = (cursor: RunCursor | undefined, ms: number) =>
      resumeRun(cursor, START_AT + ms) !== undefined;
    expect(isThereAfter(nameless, RUN_IDLE_MS - 1)).toBe(true);
    expect(isThereAfter(nameless, RUN_IDLE_MS)).toBe(false);
    expect(isThereAfter(after(stepOf({ runKey: "agt_1", endsRun: true })), 0)).toBe(false);
    expect(isThereAfter(known, RUN_KEPT_MS - 1)).toBe(true);
    expect(isThereAfter(known, RUN_KEPT_MS)).toBe(false);
    expect(isThereAfter(after(stepOf({ endsRun: true })), RUN_IDLE_MS)).toBe(true);
    const next = stepOf({ runKey: "agt_1", receivedAt: START_AT + RUN_IDLE_MS });
    expect(advanceRun(nameless, next)).toMatchObject({ steps: 1, previous: "read" });
    expect(advanceRun(nameless, next)).not.toHaveProperty("beforePrevious");
  });

  it("[P-SHIELD-PAUSE] counts departures in a row, which nothing but a person's word takes back", () => {
    const departure = stepOf({ departs: true });
    const cursor = after(departure, stepOf(), departure, departure, stepOf());
    expect(cursor).toMatchObject({ departuresNow: 0, departuresInARow: 2 });
    if (cursor === undefined) throw new Error("no cursor");
    const forgiven = forgiveRun(cursor);
    expect(forgiven).toMatchObject({ departuresNow: 0, departuresInARow: 0, steps: 5 });
    expect(advanceRun(forgiven, departure)).toMatchObject({ departuresInARow: 1 });
  });

  it("knows what came late by the agent's clock, and does not move for it", () => {
    const cursor = after(stepOf({ observedAt: START_AT }));
    const late = stepOf({ action: "late", observedAt: START_AT - 1 });
    expect(isLate(cursor, late)).toBe(true);
    expect(advanceRun(cursor, late)).toBe(cursor);
    expect(advanceRun(cursor, { ...late, endsRun: true })).toEqual({ ...cursor, ended: true });
    expect(isLate(cursor, stepOf({ observedAt: START_AT }))).toBe(false);
    // Requests have no such time: they are never late.
    expect(isLate(cursor, stepOf())).toBe(false);
  });

  it("is not led astray by clocks", () => {
    const inAYear = START_AT + 365 * 86_400_000;
    const future = after(stepOf({ observedAt: START_AT }), stepOf({ observedAt: inAYear }));
    expect(future?.lastObservedAt).toBe(START_AT);
    expect(isLate(future, stepOf({ observedAt: START_AT + 5 }))).toBe(false);
    // Put back by years, a clock would else make every step late for years.
    const past = stepOf({ observedAt: 0 });
    expect(isLate(future, past)).toBe(false);
    expect(advanceRun(future, past).lastObservedAt).toBe(0);
  });
});
