const DAY_MS = 86_400_000;
/** A century: longer than anything here is kept, and far from where dates end. */
const MAX_MS = 36_500 * DAY_MS;

/**
 * How long things are kept after their request was resolved, and its run settled, in milliseconds:
 * integers from 60_000 (a minute) to 3_153_600_000_000 (a century). `false` keeps them for ever.
 * Digests, statuses and receipts are always kept; so is, until it is settled, what may still run.
 */
export interface Retention {
  /** Parked states. Default 2_592_000_000 (30 days). */
  readonly statesMs?: number | false;
  /** Payloads, edits, diffs, reasons, results, errors and evidence. Default `false`: for ever. */
  readonly contentsMs?: number | false;
}

export interface ResolvedRetention {
  /** `undefined`: for ever. */
  readonly statesMs: number | undefined;
  readonly contentsMs: number | undefined;
  /** States that no request names, counted from when they were made. */
  readonly abandonedMs: number;
}

/** @throws {RangeError} for a time out of bounds. */
export function resolveRetention(retention: Retention = {}): ResolvedRetention {
  const { statesMs = 30 * DAY_MS, contentsMs = false } = retention;
  return {
    statesMs: requireTime("statesMs", statesMs),
    contentsMs: requireTime("contentsMs", contentsMs),
    abandonedMs: DAY_MS,
  };
}

function requireTime(name: string, value: number | false): number | undefined {
  if (value === false) return undefined;
  if (Number.isInteger(value) && value >= 60_000 && value <= MAX_MS) return value;
  throw new RangeError(
    `Expected retention.${name} as milliseconds from 60000 to ${MAX_MS}, or false to keep things for ever, got ${value}.`,
  );
}
