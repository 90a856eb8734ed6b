import type { JsonValue } from "@holdpoint/protocol";
import type { ApprovedDecision, ModifiedDecision, RefusedDecision } from "../requests/decision.js";

/** What became of a gated call. Failures are thrown; these are the answers. */
export type GateOutcome<Result> = RanOutcome<Result> | RefusedOutcome | PendingOutcome;

/** It ran, now or before. */
export interface RanOutcome<Result> {
  readonly type: "ran";
  /** What the tool returned; as JSON when it ran before, in this process or another. */
  readonly result: Result;
  /** It ran before: the result is the one on record. */
  readonly isReplay: boolean;
  /** The approval it ran under; absent when nobody was asked. */
  readonly decision?: ApprovedDecision<unknown> | ModifiedDecision<unknown>;
  /**
   * What the model has to know beside the result: that a person changed the arguments, how, and
   * their words. Absent when there is nothing to tell.
   */
  readonly note?: string;
}

/** It did not run, and will not. */
export interface RefusedOutcome {
  readonly type: "refused";
  /** Absent when the policy denied it. */
  readonly decision?: RefusedDecision<unknown>;
  /** For the model: begins with `STOP`, holds the person's reason, and says not to retry. */
  readonly text: string;
}

/** It has not run: a person has to decide first. */
export interface PendingOutcome {
  readonly type: "pending";
  /** The request (`req_…`). */
  readonly id: string;
  readonly url: string;
  /** For the model. */
  readonly text: string;
}

/** What became of a call that somebody else runs. Failures are thrown; these are the answers. */
export type ClaimOutcome =
  | ClearedOutcome
  | ClaimedOutcome
  | RanOutcome<unknown>
  | RefusedOutcome
  | PendingOutcome;

/** It may run, and nobody was asked. */
export interface ClearedOutcome {
  readonly type: "cleared";
}

/** It may run, once, with `args`, by whoever got this. */
export interface ClaimedOutcome {
  readonly type: "claimed";
  /** What may run: the arguments as they were approved, perhaps edited. */
  readonly args: unknown;
  readonly decision: ApprovedDecision<unknown> | ModifiedDecision<unknown>;
  /** As in {@link RanOutcome.note}. */
  readonly note?: string;
  readonly run: ClaimedRun;
}

/** A run that was begun elsewhere. Whoever learns how it ended says so, also when that is late. */
export interface ClaimedRun {
  /** The execution (`exe_…`). */
  readonly id: string;
  /** Records that it ran, and what it returned: JSON up to 256 KiB. */
  commit(result?: JsonValue): Promise<void>;
  /** Records that it failed, and with what: JSON up to 256 KiB. */
  fail(error: JsonValue): Promise<void>;
}
