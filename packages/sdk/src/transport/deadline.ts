/** A point in time by the monotonic clock, so that a corrected wall clock moves nothing. */
export interface Deadline {
  /** Milliseconds left; 0 once passed. */
  remainingMs(): number;
}

export function startDeadline(durationMs: number): Deadline {
  const endsAt = performance.now() + durationMs;
  return { remainingMs: () => Math.max(0, Math.ceil(endsAt - performance.now())) };
}
