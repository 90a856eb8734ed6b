import { HoldpointError } from "./base.js";

/**
 * The control plane could not be reached (`CONNECTION_FAILED`) or answered too slowly
 * (`CONNECTION_TIMEOUT`), still so after all retries. Call again later.
 */
export class ConnectionError extends HoldpointError {
  static override readonly kind: string = "ConnectionError";
}
