import { LIMITS } from "@holdpoint/protocol";
import { ProblemError } from "./problem.js";

/** @throws {ProblemError} `PAYLOAD_TOO_LARGE` when the plaintext exceeds its limit. */
export function assertPayloadSize(
  payload: unknown,
  path: string,
  maxBytes: number = LIMITS.payloadBytes,
): void {
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  if (bytes <= maxBytes) return;
  const message = `Expected at most ${maxBytes} bytes of JSON, got ${bytes}.`;
  throw new ProblemError({
    code: "PAYLOAD_TOO_LARGE",
    detail: `${message} Send a reference to large data instead of the data.`,
    issues: [{ path, message }],
  });
}
