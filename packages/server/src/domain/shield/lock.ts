import type { ShieldDescription } from "./profile.js";

/** By so much the mean surprise of a step may still differ: a tenth of a bit, or of itself. */
const FLAT_BITS = 0.1;
const FLAT_SHARE = 0.1;

/** What a baseline has to have learnt, and since when. */
export interface LockTerms {
  /** An anomaly is as surprising as one run in so many. */
  readonly holdOneIn: number;
  /** Ended runs when it began to learn: those before do not count. */
  readonly learningSinceRuns: number;
}

/**
 * Ended runs without which it cannot be locked: twice `holdOneIn` since it began to learn. Half of them
 * come before what surprise is measured against, and fewer than `holdOneIn` cannot tell one in so many.
 */
export function runsNeeded({ holdOneIn, learningSinceRuns }: LockTerms): number {
  return learningSinceRuns + 2 * holdOneIn;
}

/**
 * Whether the surprise of a baseline has flattened: it has the runs it needs, and a step of the last
 * quarter of them (at most 256 runs) was on average as surprising as one of the quarter before, to a tenth
 * of a bit or ten percent, whichever is more.
 */
export function isFlat(
  description: Pick<ShieldDescription, "runs" | "calibratedRuns" | "meanBits">,
  terms: LockTerms,
): boolean {
  const { runs, calibratedRuns } = description;
  if (runs < runsNeeded(terms) || calibratedRuns < terms.holdOneIn - 1) return false;
  const quarter = Math.min(Math.floor((runs - terms.learningSinceRuns) / 4), 256);
  const last = description.meanBits(runs - quarter, runs);
  const before = description.meanBits(runs - 2 * quarter, runs - quarter);
  if (last === undefined || before === undefined) return false;
  return Math.abs(last - before) <= Math.max(FLAT_BITS, FLAT_SHARE * before);
}
