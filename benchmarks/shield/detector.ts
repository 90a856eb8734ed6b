import type { TraceStep } from "./trace.js";

/** How surprising a step is to a detector. */
export interface Measure {
  readonly bits: number;
  /** One run in so many has a step as surprising; absent while too few are known. */
  readonly oneIn?: number;
}

/** Learns from runs that nobody attacked, and measures others without learning from them. */
export interface Detector {
  learn(run: readonly TraceStep[]): void;
  measure(run: readonly TraceStep[]): readonly Measure[];
  /** Runs it knew when it could be locked; absent where it never could, or knows no such thing. */
  readonly lockedAtRuns?: number;
}

export interface DetectorKind {
  readonly name: string;
  create(): Detector;
}
