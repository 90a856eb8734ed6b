/** How surprising a step is, measured against a baseline. Bits: each one halves the odds. */
export interface ShieldScore {
  /** Of going there from where the run stood. */
  readonly pathBits: number;
  /** Of the arguments having this shape. 0 where it is not known. */
  readonly structureBits: number;
  /** `pathBits + structureBits`: what decides. */
  readonly surpriseBits: number;
  /** Of the time since the step before, by the agent's clock. Absent where there is none to compare. */
  readonly timingBits?: number;
  /**
   * One run in so many has a step that is as surprising: `(1 + runs measured) / (1 + those as
   * surprising)`, a conformal p-value turned over. Absent until there are runs to compare with.
   */
  readonly oneIn?: number;
  /** Numbers behind it, for a sentence. */
  readonly facts: ShieldFacts;
}

export interface ShieldFacts {
  /** Steps counted from the same place, and how many of them went to this action. */
  readonly fromHere: number;
  readonly sameWay: number;
  /** Of {@link fromHere}: where most went, and how many. */
  readonly usual?: { readonly action: string | null; readonly count: number };
  /** How often the action was seen, wherever from. */
  readonly actionCount: number;
  /** Of those, how many with this shape; absent where the shape is not known. */
  readonly shapeCount?: number;
  /** All steps, and all runs that ended. */
  readonly steps: number;
  readonly runs: number;
}
