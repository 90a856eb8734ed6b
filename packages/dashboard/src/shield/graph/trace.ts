import type { WireShieldStep } from "@holdpoint/protocol/shield";
import { edgeId, type Place } from "./model.js";

/** A way a run has gone. */
export interface TracedEdge {
  readonly from: Place;
  readonly to: Place;
  /** How often. */
  readonly times: number;
  /** Whether it is the one that led to the step in view. */
  readonly isLatest: boolean;
  /** The first step on it that was an anomaly. */
  readonly anomaly?: WireShieldStep;
}

/** A run drawn over the baseline, up to the step in view. */
export interface Trace {
  readonly edges: ReadonlyMap<string, TracedEdge>;
  /** Actions it came by, and the first step at each that was an anomaly. */
  readonly visited: ReadonlyMap<string, WireShieldStep | undefined>;
  /** The action of the step in view; `undefined` before the first. */
  readonly current: string | undefined;
}

/**
 * The way of a run through its first steps.
 *
 * @param steps - In their order.
 * @param shown - How many of them; 0 … `steps.length`.
 */
export function traceOf(steps: readonly WireShieldStep[], shown: number): Trace {
  const edges = new Map<string, TracedEdge>();
  const visited = new Map<string, WireShieldStep | undefined>();
  const walk = (from: Place, to: Place, isLatest: boolean, step?: WireShieldStep) => {
    const before = edges.get(edgeId(from, to));
    const anomaly = before?.anomaly ?? step;
    edges.set(edgeId(from, to), {
      ...{ from, to, isLatest },
      times: (before?.times ?? 0) + 1,
      ...(anomaly !== undefined && { anomaly }),
    });
  };
  const seen = steps.slice(0, shown);
  for (const [index, step] of seen.entries()) {
    const anomaly = step.verdict.anomalous ? step : undefined;
    const isLast = index === seen.length - 1;
    walk(step.verdict.after ?? null, step.action, isLast, anomaly);
    visited.set(step.action, visited.get(step.action) ?? anomaly);
    if (step.ends_run === true) walk(step.action, null, isLast);
  }
  return { edges, visited, current: seen.at(-1)?.action };
}
