import { HoldpointError } from "./base.js";

/**
 * The answer is not understood (`RESPONSE_INVALID`): not JSON, a missing field, an unknown status,
 * another request than the one asked for. Never an approval. Check the URL and the versions.
 */
export class InvalidResponseError extends HoldpointError {
  static override readonly kind: string = "InvalidResponseError";
}
