import { HoldpointError, type HoldpointErrorDetails } from "./base.js";

/**
 * The answer is not understood (`RESPONSE_INVALID`): not JSON, a missing field, an unknown status,
 * another request than the one asked for. Never an approval. Check the URL and the versions.
 */
export class InvalidResponseError extends HoldpointError {
  static override readonly kind: string = "InvalidResponseError";
}

/** The fail-closed answer to whatever a control plane should never say. */
export function invalidResponse(
  what: string,
  details: Partial<HoldpointErrorDetails> = {},
): InvalidResponseError {
  const message = `${what}. Treat the request as not approved. Check that HOLDPOINT_URL leads straight to Holdpoint and that the SDK is not older than it.`;
  return new InvalidResponseError({ ...details, code: "RESPONSE_INVALID", message });
}
