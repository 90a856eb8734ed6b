/** Remembers calls that make something by their idempotency key, and what they were answered. */
export interface IdempotencyStore {
  /**
   * Begins a call, or tells what is known of it. `conflict`: the key came before with another body,
   * which is told even while that call runs. `in_flight`: it is being answered; a run whose lease is
   * over counts as dead, and the next of the same calls takes its place.
   */
  begin(call: {
    /** Names the key in its scope: who sent it, and to which operation. */
    readonly id: string;
    readonly bodyDigest: string;
    readonly at: number;
    readonly leaseExpiresAt: number;
  }): Promise<BegunCall>;
  /** Keeps the answer, unless another run has taken this one's place. */
  finish(run: IdempotentRun, answer: RecordedAnswer): Promise<void>;
  /** Gives a run up: the next of the same calls may begin at once. */
  release(run: IdempotentRun): Promise<void>;
  /** Forgets up to `limit` keys that were first used before a time; answers how many. */
  prune(before: number, limit: number): Promise<number>;
}

export type BegunCall =
  | { readonly outcome: "begun"; readonly run: IdempotentRun }
  | { readonly outcome: "answered"; readonly answer: RecordedAnswer }
  | { readonly outcome: "conflict" }
  | { readonly outcome: "in_flight" };

/** One run of a call. All runs of it have the same seed and time, so that they make the same. */
export interface IdempotentRun {
  readonly id: string;
  readonly fence: number;
  /** 32 random bytes. */
  readonly seed: Uint8Array;
  /** When the key was first used. */
  readonly createdAt: number;
}

export interface RecordedAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
