import { HoldpointError } from "./base.js";

/** Too many calls (`RATE_LIMITED`), still so after all retries. Wait `retryAfterMs`, then call again. */
export class RateLimitError extends HoldpointError {
  static override readonly kind: string = "RateLimitError";
}
