import { type EnvelopeFault, type EnvelopeField, inspectEnvelope } from "@holdpoint/protocol";
import { ProblemError } from "./problem.js";
import type { Request } from "./request.js";

const EXPLANATIONS: Readonly<Record<EnvelopeFault, string>> = {
  not_an_envelope: "Expected an encrypted envelope with protected, aad, iv, ciphertext and tag.",
  bad_header: "Expected an envelope header of alg dir, enc A256GCM and a kid, and nothing else.",
  bad_binding: "Expected an envelope bound to this project, request and field.",
  bad_bytes: "Expected base64url in iv (12 bytes), tag (16 bytes) and ciphertext.",
};

/**
 * Checks an envelope as far as one can without its key.
 *
 * @param path - Where in the body it stands, for the issue.
 * @throws {ProblemError} `ENVELOPE_INVALID`.
 */
export function assertEnvelope(
  value: unknown,
  request: Pick<Request, "id" | "projectId">,
  field: EnvelopeField,
  path: string,
): void {
  const inspected = inspectEnvelope(value, {
    projectId: request.projectId,
    requestId: request.id,
    field,
  });
  if (inspected.ok) return;
  throw new ProblemError({
    code: "ENVELOPE_INVALID",
    detail: `${EXPLANATIONS[inspected.fault]} Encrypt it again for this request.`,
    issues: [{ path, message: EXPLANATIONS[inspected.fault] }],
  });
}
