import type { Priority } from "@holdpoint/protocol";
// Not part of the package's surface: what is measured here is the pure function alone.
import { departs } from "../../packages/server/src/domain/shield/departure.js";
import type { ShieldStep } from "../../packages/server/src/domain/shield/entry.js";
import {
  createProfile,
  type ShieldProfile,
} from "../../packages/server/src/domain/shield/profile.js";
import type { ShieldScore } from "../../packages/server/src/domain/shield/score.js";
import type { TraceStep } from "./trace.js";

const BEGIN_MS = Date.parse("2026-01-05T08:00:00Z");
const STEP_MS = 1_000;
const RUN_MS = 600_000;

/** A step before it is measured. It is its own intent and its own context. */
type Prepared = Omit<ShieldStep, "sequence" | "surpriseBits"> & {
  sequence: number;
  surpriseBits: number;
};

/** Has a profile follow runs as the control plane does: each step is measured, then counted. */
export class Follower {
  readonly profile: ShieldProfile = createProfile();
  readonly #priority: Priority;
  #sequence = 0;
  #runs = 0;

  /** @param priority - `high` and `critical` are measured by two steps before them, not one. */
  constructor(priority: Priority) {
    this.#priority = priority;
  }

  /** Measures each step of a run and counts it. */
  learn(run: readonly TraceStep[]): void {
    for (const step of this.prepare(run)) this.take(step);
  }

  /** Makes the next run of these calls. */
  prepare(run: readonly TraceStep[]): readonly Prepared[] {
    this.#runs += 1;
    return run.map((_, index) => this.#stepOf(run, index));
  }

  /** Measures a prepared step and counts it. */
  take(step: Prepared): void {
    step.sequence = ++this.#sequence;
    step.surpriseBits = this.profile.score(step, step).surpriseBits;
    this.profile.apply(step);
  }

  /**
   * Measures each step of a run where the shield enforces, nothing counts by itself, and a person calls
   * each departure usual.
   *
   * @returns how many departures the person was shown.
   */
  teach(run: readonly TraceStep[], holdOneIn: number): number {
    let shown = 0;
    for (const step of this.prepare(run)) {
      const score = this.profile.score(step, step);
      const isDeparture = departs(score, holdOneIn);
      const measured: ShieldStep = {
        ...step,
        sequence: ++this.#sequence,
        surpriseBits: score.surpriseBits,
        departs: isDeparture,
        learns: false,
      };
      this.profile.apply(measured);
      if (!isDeparture) continue;
      shown += 1;
      const sequence = ++this.#sequence;
      this.profile.apply({ ...measured, kind: "review", sequence, answer: "usual" });
    }
    return shown;
  }

  /** Measures each step of a run and forgets it. */
  measure(run: readonly TraceStep[]): readonly ShieldScore[] {
    return this.prepare(run).map((step) => this.profile.score(step, step));
  }

  #stepOf(run: readonly TraceStep[], index: number): Prepared {
    const { action, skeletonHash } = run[index] as TraceStep;
    const previous = run[index - 1]?.action;
    const beforePrevious = run[index - 2]?.action;
    return {
      kind: "step",
      sequence: 0,
      runKey: `agent/run-${this.#runs}`,
      action,
      skeletonHash,
      priority: this.#priority,
      receivedAt: BEGIN_MS + this.#runs * RUN_MS + index * STEP_MS,
      endsRun: index === run.length - 1,
      surpriseBits: 0,
      departs: false,
      learns: true,
      ...(previous !== undefined && { previous }),
      ...(beforePrevious !== undefined && { beforePrevious }),
    };
  }
}
