// Not part of the package's surface: what holds a step is the shield's own rule, for all.
import { departs } from "../../packages/server/src/domain/shield/departure.js";
import type { TraceStep } from "./trace.js";

/** How surprising a step is to a detector, and to one run in how many. */
export interface Measure {
  readonly bits: number;
  /** Absent while nothing is known. */
  readonly oneIn?: number;
  /** Runs that `oneIn` is measured against. */
  readonly calibratedRuns: number;
}

/** Learns from runs that nobody attacked, and measures others without learning from them. */
export interface Detector {
  learn(run: readonly TraceStep[]): void;
  measure(run: readonly TraceStep[]): readonly Measure[];
  /**
   * Measures a benign run where it enforces, and has a person call each departure usual.
   *
   * @returns how many the person was shown. Absent: it cannot be taught.
   */
  teach?(run: readonly TraceStep[], holdOneIn: number): number;
  /** Runs it knew when it could be locked; absent where it never could, or knows no such thing. */
  readonly lockedAtRuns?: number | undefined;
}

export interface DetectorKind {
  readonly name: string;
  create(): Detector;
}

/** Whether a step would be held where one run in so many is. */
export function isHeld({ oneIn, calibratedRuns }: Measure, holdOneIn: number): boolean {
  return departs({ calibratedRuns, ...(oneIn !== undefined && { oneIn }) }, holdOneIn);
}
