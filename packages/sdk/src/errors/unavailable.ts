import { HoldpointError } from "./base.js";

/** The control plane failed or cannot answer now, still so after all retries. Call again later. */
export class UnavailableError extends HoldpointError {
  static override readonly kind: string = "UnavailableError";
}
