import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { ProblemError } from "../domain/problem.js";

/** Calls per minute. `false` turns all of them off. */
export interface RateLimits {
  /** Of one API key. Default 6,000. */
  readonly perApiKey?: number;
  /** Of one operator, over all sessions and tokens. Default 1,800. */
  readonly perOperator?: number;
  /** Of one address: refused credentials, and public operations that cost something. Default 300. */
  readonly perAddress?: number;
}

const WINDOW_SECONDS = 60;

export type Quota = keyof RateLimits;

export interface RateLimiter {
  /** @throws {ProblemError} `RATE_LIMITED` with `Retry-After`. */
  consume(quota: Quota, key: string): Promise<void>;
}

export function createRateLimiter(limits: RateLimits | false): RateLimiter {
  if (limits === false) return { consume: async () => {} };
  const limiters = {
    perApiKey: limiterOf(limits.perApiKey ?? 6_000),
    perOperator: limiterOf(limits.perOperator ?? 1_800),
    perAddress: limiterOf(limits.perAddress ?? 300),
  };
  return {
    async consume(quota, key) {
      try {
        await limiters[quota].consume(key);
      } catch (refusal) {
        throw rateLimited(refusal as RateLimiterRes, limiters[quota].points);
      }
    },
  };
}

function limiterOf(points: number): RateLimiterMemory {
  if (!Number.isSafeInteger(points) || points < 1) {
    throw new RangeError(`Expected a rate limit as an integer ≥ 1, got ${points}.`);
  }
  return new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
}

function rateLimited({ msBeforeNext }: RateLimiterRes, points: number): ProblemError {
  const retryAfterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  return new ProblemError({
    code: "RATE_LIMITED",
    detail: `Expected at most ${points} calls a minute. Wait ${retryAfterSeconds} s and try again.`,
    headers: { "Retry-After": String(retryAfterSeconds) },
  });
}
