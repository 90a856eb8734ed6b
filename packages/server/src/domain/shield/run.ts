import type { ShieldContext } from "./entry.js";

/** Where a run stands. */
export interface RunCursor extends ShieldContext {
  readonly key: string;
  readonly steps: number;
  readonly maxSurpriseBits: number;
  /** Steps in a row, up to now, that departed and that no person has called usual. */
  readonly departuresInARow: number;
  readonly lastReceivedAt: number;
  readonly lastObservedAt?: number;
  /** The same action with the same fingerprint in a row, up to now. */
  readonly repeats: number;
  readonly fingerprint?: string;
  /** Steps that came in the minute (UTC) of `lastReceivedAt`, and in the one before. */
  readonly inMinute: number;
  readonly inMinuteBefore: number;
  /** What it has cost, in minor units by currency. */
  readonly cost: Readonly<Record<string, number>>;
}
