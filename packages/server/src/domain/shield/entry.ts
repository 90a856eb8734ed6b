import type { Priority, SensitiveKind, WireShieldVerdict } from "@holdpoint/protocol";
import type { ShieldAnswer } from "@holdpoint/protocol/shield";

/** Whose profile it is. */
export interface ShieldPlace {
  readonly projectId: string;
  readonly service: string;
  /** Empty: none was named. */
  readonly environment: string;
}

/** One step of a run as it comes, before anything is made of it. Times are milliseconds, UTC. */
export interface ShieldIntent {
  /** Names the run within its profile. */
  readonly runKey: string;
  readonly action: string;
  readonly skeletonHash?: string;
  readonly priority: Priority;
  /** Equal for equal arguments of one process. */
  readonly fingerprint?: string;
  readonly sensitive?: readonly SensitiveKind[];
  /** What it is known to cost, where it costs anything. */
  readonly cost?: { readonly amountMinor: number; readonly currency: string };
  /** By the agent's clock, of an observation: a claim. */
  readonly observedAt?: number;
  /** By ours. */
  readonly receivedAt: number;
  readonly endsRun: boolean;
}

/** The steps before it in its run: the context it was measured in. Absent: there is none. */
export interface ShieldContext {
  readonly previous?: string;
  readonly beforePrevious?: string;
}

/** A step that was measured, as the log keeps it and a profile folds it in. */
export interface ShieldStep extends ShieldIntent, ShieldContext {
  readonly kind: "step";
  /** Counts up in the order of the log. */
  readonly sequence: number;
  /** As measured when it came. */
  readonly surpriseBits: number;
  /** It departed from the baseline. A rule that was broken is no departure. */
  readonly departs: boolean;
  /**
   * Whether it counts at once: in shadow. A baseline that is locked counts nothing but what a person
   * calls usual. What it is measured with then stays what it was locked with, so "one in so many" stays
   * true, and nothing that is done often enough, or slowly enough, moves it.
   */
  readonly learns: boolean;
}

/** A person's word about a step, folded in where it stands in the log. */
export interface ShieldReview extends ShieldContext {
  readonly kind: "review";
  readonly sequence: number;
  readonly receivedAt: number;
  readonly answer: ShieldAnswer;
  /** Of the step it is about. */
  readonly runKey: string;
  readonly action: string;
  readonly skeletonHash?: string;
  readonly surpriseBits: number;
  readonly departs: boolean;
  readonly learns: boolean;
}

export type ShieldEntry = ShieldStep | ShieldReview;

/** How a step came in. */
export type ShieldSource = "observe" | "ask" | "purchase" | "execute";

/** A measured step about to be logged. The log gives it its sequence. */
export interface NewShieldStep extends Omit<ShieldStep, "sequence"> {
  readonly projectId: string;
  readonly profileId: string;
  readonly service: string;
  readonly environment: string;
  readonly source: ShieldSource;
  /** The observation (`obs_…`) or the request (`req_…`). Once per agent. */
  readonly id: string;
  readonly agentId: string;
  readonly agentLabel?: string;
  readonly runId?: string;
  readonly parentRequestId?: string;
  readonly verdict: WireShieldVerdict;
}
