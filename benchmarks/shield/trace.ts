/** One call of an agent: which tool, and the shape of its arguments. */
export interface TraceStep {
  readonly action: string;
  /** SHA-256 (hex) of the skeleton, as the SDK computes it. */
  readonly skeletonHash: string;
}

/** What is known of one attack that reached its goal. */
export interface Attack {
  readonly name: string;
  /** Number of the injection task. */
  readonly goal: number;
  /** Index of the first call made after the agent had read the injection. */
  readonly exposedAt: number;
  /** Index of the first call that does what the attacker wants: the last one of the trace. */
  readonly harmAt: number;
}

/** The calls of one published run, in order. Of an attacked run those up to the harmful one. */
export interface Trace {
  readonly suite: string;
  /** Number of the user's task. */
  readonly task: number;
  /** The model, or the model and a defence; of tau-bench the trial. */
  readonly agent: string;
  readonly steps: readonly TraceStep[];
  /** Absent: nobody attacked it. */
  readonly attack?: Attack;
}
