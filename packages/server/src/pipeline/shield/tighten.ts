import type { ShieldEffect, ShieldMode, WireShieldVerdict } from "@holdpoint/protocol";
import type { NewRequest } from "../../domain/request.js";
import type { NewShieldStep } from "../../domain/shield/entry.js";

/** What becomes of an intent at once: it goes through, waits for a person, or is refused. */
export type Course = "run" | "hold" | "deny";

/** What the shield has to say of an intent, before anything follows from it. */
export type Measurement =
  | {
      readonly outcome: "measured";
      readonly verdict: WireShieldVerdict;
      readonly step: NewShieldStep;
    }
  /** Nothing follows it: the project has as many profiles as it may. */
  | { readonly outcome: "unfollowed" }
  /** It could not be measured. `mayEnforce`: its profile enforces, or nobody can tell. */
  | { readonly outcome: "failed"; readonly mayEnforce: boolean };

/** What the policy is told of it. */
export function verdictOf(measurement: Measurement): Pick<NewRequest, "shield"> {
  return measurement.outcome === "measured" ? { shield: measurement.verdict } : {};
}

/** What an intent comes to under the shield. */
export interface Tightened {
  readonly course: Course;
  /** What its request keeps: the verdict with what it has changed, and the step for the log. */
  readonly kept: Pick<NewRequest, "shield" | "step">;
}

interface Outcome {
  readonly course: Course;
  readonly effect: ShieldEffect;
}

/**
 * What an anomaly changes, by mode and by what would become of it without the shield. Whatever is no
 * anomaly stays as it is. Nothing here lets through what would have been held, or what is denied.
 */
const OF_ANOMALY: Readonly<Record<ShieldMode, Readonly<Record<Course, Outcome>>>> = {
  shadow: {
    run: { course: "run", effect: "none" },
    hold: { course: "hold", effect: "none" },
    deny: { course: "deny", effect: "none" },
  },
  locked: {
    run: { course: "run", effect: "warned" },
    hold: { course: "hold", effect: "warned" },
    deny: { course: "deny", effect: "none" },
  },
  enforce: {
    run: { course: "hold", effect: "held" },
    hold: { course: "hold", effect: "warned" },
    deny: { course: "deny", effect: "none" },
  },
};

/**
 * Puts the shield's verdict upon what would become of an intent without it.
 *
 * @param options.asksNobody - What would be held for a person is denied, for no person is ever asked
 *   about it. Default false.
 */
export function tighten(
  course: Course,
  measurement: Measurement,
  { asksNobody = false }: { readonly asksNobody?: boolean } = {},
): Tightened {
  switch (measurement.outcome) {
    case "unfollowed":
      return { course, kept: {} };
    case "failed":
      return { course: measurement.mayEnforce ? held(course, asksNobody) : course, kept: {} };
    case "measured": {
      const { verdict, step } = measurement;
      const outcome = outcomeOf(course, verdict, asksNobody);
      const shield = { ...verdict, effect: outcome.effect };
      return { course: outcome.course, kept: { shield, step: { ...step, verdict: shield } } };
    }
  }
}

function outcomeOf(course: Course, verdict: WireShieldVerdict, asksNobody: boolean): Outcome {
  if (!verdict.anomalous) return { course, effect: "none" };
  const outcome = OF_ANOMALY[verdict.mode][course];
  return outcome.effect === "held" && asksNobody ? { course: "deny", effect: "denied" } : outcome;
}

function held(course: Course, asksNobody: boolean): Course {
  if (course !== "run") return course;
  return asksNobody ? "deny" : "hold";
}

/** Why something is denied that could not be measured. */
export const NOT_MEASURED =
  "The shield could not measure it, and where it enforces that is held for a person, whom this action never asks.";
