import type { ShieldContext } from "./entry.js";

/** Where a run stands, as far as a measurement needs it. `contextOf` makes it of a cursor. */
export interface ScoreContext extends ShieldContext {
  /** When the observation before happened, by the agent's clock. Without it time is not measured. */
  readonly lastObservedAt?: number;
}

/** How surprising a step is, measured against a baseline. Bits: each one halves the odds. */
export interface ShieldScore {
  /** Of going there from where the run stood. 0 where people have called this way usual. */
  readonly pathBits: number;
  /** Of the arguments having this shape. 0 where it is not known, or people have called it usual. */
  readonly structureBits: number;
  /** `pathBits + structureBits`: what decides. */
  readonly surpriseBits: number;
  /**
   * Of the time since the observation before, by the agent's clock, against the likeliest time. Absent
   * where there is none to compare. Told, never a reason: clocks are claims.
   */
  readonly timingBits?: number;
  /**
   * One run in so many has a step that is as surprising, to a quarter of a bit:
   * `(1 + runs measured) / (1 + those as surprising)`, a conformal p-value turned over. Absent until
   * there are runs to compare with.
   */
  readonly oneIn?: number;
  /** Runs that {@link oneIn} is measured against. */
  readonly calibratedRuns: number;
  /** Numbers behind it, for a sentence. */
  readonly facts: ShieldFacts;
}

/** All of the baseline: what has not been learnt is not counted. */
export interface ShieldFacts {
  /** How many steps before this one the three numbers below look at. 0: at how runs begin. */
  readonly stepsBack: 0 | 1 | 2;
  /** Steps counted from the same place, and how many of them went to this action. */
  readonly fromHere: number;
  readonly sameWay: number;
  /** Of {@link fromHere}: where most went, and how many. `null`: nowhere, the run ended. */
  readonly usual?: { readonly action: string | null; readonly count: number };
  /** People who have called this way usual, less those who have not. */
  readonly approvals: number;
  /** How often the action was seen, wherever from. */
  readonly actionCount: number;
  /** Of those, how many with this shape; absent where the shape is not known. */
  readonly shapeCount?: number;
  /** All steps, and all runs that ended. */
  readonly steps: number;
  readonly runs: number;
}
