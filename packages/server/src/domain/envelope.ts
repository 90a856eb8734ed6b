import { type EnvelopeFault, type EnvelopeField, inspectEnvelope } from "@holdpoint/protocol";
import { ProblemError } from "./problem.js";

const EXPLANATIONS: Readonly<Record<EnvelopeFault, string>> = {
  not_an_envelope: "Expected an encrypted envelope with protected, aad, iv, ciphertext and tag.",
  bad_header: "Expected an envelope header of alg dir, enc A256GCM and a kid, and nothing else.",
  bad_binding: "Expected an envelope bound to this project, request (state, or record) and field.",
  bad_bytes: "Expected base64url in iv (12 bytes), tag (16 bytes) and ciphertext.",
};

/**
 * Checks an envelope as far as one can without its key.
 *
 * @param owner - What the field belongs to, a request, a state or a record, by its id or key.
 * @param path - Where in the body it stands, for the issue.
 * @throws {ProblemError} `ENVELOPE_INVALID`.
 */
export function assertEnvelope(
  value: unknown,
  owner: { readonly id: string; readonly projectId: string },
  field: EnvelopeField,
  path: string,
): void {
  const inspected = inspectEnvelope(value, {
    projectId: owner.projectId,
    requestId: owner.id,
    field,
  });
  if (inspected.ok) return;
  throw new ProblemError({
    code: "ENVELOPE_INVALID",
    detail: `${EXPLANATIONS[inspected.fault]} Encrypt it again for this place.`,
    issues: [{ path, message: EXPLANATIONS[inspected.fault] }],
  });
}

/** An envelope that nothing says is one: nobody would decrypt it. */
export function unmarkedEnvelope(name: string, path: string): ProblemError {
  return new ProblemError({
    code: "ENVELOPE_INVALID",
    detail: `Expected encrypted: true beside an encrypted envelope. Set it, or send the ${name} plain.`,
    issues: [{ path, message: `Expected true, for the ${name} is an envelope.` }],
  });
}
