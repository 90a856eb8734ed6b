import type { ShieldEntry, ShieldIntent } from "./entry.js";
import { Fold } from "./fold/fold.js";
import type { RunCursor } from "./run.js";
import type { ScoreContext, ShieldScore } from "./score.js";

/**
 * What a service is known to do: a fold over its log. The same entries in the same order give the same
 * profile, whether folded at once or from a snapshot on. Each entry costs the same, however large the
 * profile is; memory is bounded by distinct transitions.
 */
export interface ShieldProfile {
  /** Of the last entry folded in; 0 before the first. */
  readonly sequence: number;
  /** Of first order: what its size grows with. */
  readonly transitions: number;
  /** Folds an entry in. One that is not after {@link sequence} changes nothing. */
  apply(entry: ShieldEntry): void;
  /** Measures a step that is not part of it. Changes nothing. */
  score(intent: ShieldIntent, context: ScoreContext): ShieldScore;
  /**
   * Where a run stood after its last step; `undefined` for one that is not known, or too long ago. Whether
   * it still goes on when the next step comes, `resumeRun` says.
   */
  cursor(runKey: string): RunCursor | undefined;
  describe(): ShieldDescription;
  /** Everything of it, as bytes that {@link decodeProfile} reads. */
  encode(): Uint8Array;
}

/** What people see of a profile. */
export interface ShieldDescription {
  readonly steps: number;
  /** That have ended. */
  readonly runs: number;
  readonly actions: number;
  /** Of first order. */
  readonly transitions: number;
  /** Runs that surprise is measured against. */
  readonly calibratedRuns: number;
  readonly entropy: readonly { readonly runs: number; readonly bits: number }[];
  readonly warnings: readonly string[];
  readonly lastReceivedAt: number | undefined;
  /**
   * Mean surprise of a step of the runs that ended after the first `from` and not after the first `to`.
   * `undefined` where they had no steps, or some of them are not among the last 1,024.
   */
  meanBits(from: number, to: number): number | undefined;
  /** The most frequent first; `null` is where runs begin or end. */
  nodes(limit: number): readonly ShieldNode[];
  edges(limit: number, among: ReadonlySet<string>): readonly ShieldEdge[];
}

export interface ShieldNode {
  readonly action: string;
  readonly count: number;
  readonly shapes: number;
}

export interface ShieldEdge {
  readonly from: string | null;
  readonly to: string | null;
  readonly count: number;
  /** Of all that goes out from there, as it counts now. */
  readonly probability: number;
  readonly approvals: number;
}

/** A profile that knows nothing yet. */
export function createProfile(): ShieldProfile {
  return new Fold();
}

/**
 * The profile that {@link ShieldProfile.encode} gave these bytes for.
 *
 * @throws {Error} They are broken, or of another version. Fold its log from the start instead.
 */
export function decodeProfile(bytes: Uint8Array): ShieldProfile {
  return Fold.decode(bytes);
}
