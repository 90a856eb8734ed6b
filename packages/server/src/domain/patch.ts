import {
  diffPayload,
  type Envelope,
  isEmptyPatch,
  isEnvelope,
  type JsonValue,
} from "@holdpoint/protocol";
import { assertEnvelope } from "./envelope.js";
import { assertPayloadSize } from "./payload.js";
import { ProblemError } from "./problem.js";
import type { Request, Resolution } from "./request.js";

export type Patch = Pick<Resolution, "patchedPayload" | "diffSummary" | "approvedAmountMinor">;

/**
 * What an operator's edit amounts to: nothing when it equals the payload, else the edit with its
 * diff. Whether it fits the request's schema is checked apart.
 *
 * @throws {ProblemError} `PATCH_EMPTY`, `PLAINTEXT_REFUSED`, `ENVELOPE_INVALID`, `PAYLOAD_TOO_LARGE`.
 */
export function readPatch(request: Request, patch: JsonValue | Envelope): Patch | undefined {
  assertNotEmpty(patch);
  if (request.encrypted) return readSealedPatch(request, patch);
  assertPayloadSize(patch, "/patched_payload");
  const payload = request.payload as JsonValue;
  const edited = patch as JsonValue;
  const diffSummary = diffPayload(payload, edited);
  return diffSummary.changes.length === 0 ? undefined : { patchedPayload: edited, diffSummary };
}

function readSealedPatch(request: Request, patch: JsonValue | Envelope): Patch {
  if (!isEnvelope(patch)) {
    throw new ProblemError({
      code: "PLAINTEXT_REFUSED",
      detail:
        "Expected an encrypted envelope, got plaintext: the request is encrypted. Load the encryption key and edit again.",
    });
  }
  assertEnvelope(patch, request, "patch", "/patched_payload");
  return { patchedPayload: patch };
}

function assertNotEmpty(patch: JsonValue | Envelope): void {
  if (!isEmptyPatch(patch)) return;
  throw new ProblemError({
    code: "PATCH_EMPTY",
    detail:
      "Expected an edited payload with content, got an empty one. Leave patched_payload out to approve unchanged, or reject.",
  });
}
