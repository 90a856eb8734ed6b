// Not part of the package's surface: what is measured here is the pure function alone.
import { isFlat } from "../../packages/server/src/domain/shield/lock.js";
import type { Detector, DetectorKind } from "./detector.js";
import { Follower } from "./follower.js";
import type { TraceStep } from "./trace.js";

/** The shield, by one step before and by two, with the default of one run in a hundred for locking. */
export const SHIELDS: readonly DetectorKind[] = [
  { name: "shield", create: () => new ShieldDetector("medium") },
  { name: "shield, second order", create: () => new ShieldDetector("high") },
];

const TERMS = { holdOneIn: 100, learningSinceRuns: 0 };

class ShieldDetector implements Detector {
  readonly #follower: Follower;
  lockedAtRuns: number | undefined;

  constructor(priority: "medium" | "high") {
    this.#follower = new Follower(priority);
  }

  learn(run: readonly TraceStep[]): void {
    this.#follower.learn(run);
    if (this.lockedAtRuns !== undefined) return;
    const description = this.#follower.profile.describe();
    if (isFlat(description, TERMS)) this.lockedAtRuns = description.runs;
  }

  teach(run: readonly TraceStep[], holdOneIn: number): number {
    return this.#follower.teach(run, holdOneIn);
  }

  measure(run: readonly TraceStep[]) {
    return this.#follower.measure(run).map(({ surpriseBits, oneIn, calibratedRuns }) => ({
      bits: surpriseBits,
      calibratedRuns,
      ...(oneIn !== undefined && { oneIn }),
    }));
  }
}
