import { type Envelope, isEnvelope, type JsonValue } from "@holdpoint/protocol";
import { assertEnvelope } from "./envelope.js";
import { assertPayloadSize } from "./payload.js";
import { ProblemError } from "./problem.js";
import type { Request } from "./request.js";

/**
 * Checks what an execution says of itself: ciphertext for its own place where the request is
 * encrypted, plain JSON of bounded size where it is not.
 *
 * @throws {ProblemError} `PLAINTEXT_REFUSED`, `ENVELOPE_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export function assertTold(
  request: Pick<Request, "id" | "projectId" | "encrypted">,
  field: "result" | "error" | "evidence",
  value: JsonValue | Envelope | undefined,
): void {
  if (value === undefined) return;
  const path = `/${field}`;
  if (!request.encrypted) {
    if (isEnvelope(value)) throw unmarkedEnvelope(path);
    assertPayloadSize(value, path);
    return;
  }
  if (!isEnvelope(value)) throw plaintextRefused(path);
  assertEnvelope(value, request, field, path);
}

function plaintextRefused(path: string): ProblemError {
  const message = "Expected an encrypted envelope, got plaintext: the request is encrypted.";
  return new ProblemError({
    code: "PLAINTEXT_REFUSED",
    detail: `${message} Load the encryption key and encrypt it for this request and field.`,
    issues: [{ path, message }],
  });
}

function unmarkedEnvelope(path: string): ProblemError {
  const message = "Expected plain JSON, got an encrypted envelope: the request is not encrypted.";
  return new ProblemError({
    code: "ENVELOPE_INVALID",
    detail: `${message} Send it plain, or ask with encrypted: true.`,
    issues: [{ path, message }],
  });
}
