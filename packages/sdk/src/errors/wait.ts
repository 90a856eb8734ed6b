import { HoldpointError } from "./base.js";

/**
 * The deadline passed before anybody decided (`WAIT_TIMEOUT`). Not an approval. The request
 * (`requestId`) stays open unless `cancelOnTimeout` was set; wait again with the same id.
 */
export class WaitTimeoutError extends HoldpointError {
  static override readonly kind: string = "WaitTimeoutError";
}

/** @param next - What became of the request, and what to do. */
export function waitTimeout(requestId: string, next: string, cause?: unknown): WaitTimeoutError {
  const message = `Nobody decided ${requestId} within the time to wait, so it is not approved. ${next}`;
  return new WaitTimeoutError({ code: "WAIT_TIMEOUT", message, requestId, cause });
}
