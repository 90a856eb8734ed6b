import { HoldpointError } from "./base.js";

/**
 * The deadline passed before anybody decided (`WAIT_TIMEOUT`). Not an approval. The request
 * (`requestId`) stays open unless `cancelOnTimeout` was set; wait again with the same id.
 */
export class WaitTimeoutError extends HoldpointError {
  static override readonly kind: string = "WaitTimeoutError";
}
