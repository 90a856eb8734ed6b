import { type Diff, diffPayload, type JsonValue, type WireRequest } from "@holdpoint/protocol";
import type { EnvelopeKey } from "@holdpoint/protocol/envelope";

/** A request's payload and edit in clear, or the reason word why they cannot be read. */
export type Reading =
  | {
      readonly readable: true;
      readonly payload: JsonValue;
      readonly patch?: JsonValue;
      readonly diff?: Diff;
    }
  | { readonly readable: false; readonly fault: string };

/** Reads what a request carries, decrypting where it is encrypted. */
export async function readPayload(
  request: WireRequest,
  keys: readonly EnvelopeKey[],
): Promise<Reading> {
  if (!request.encrypted) {
    const { payload, patched_payload, diff_summary } = request;
    return {
      readable: true,
      payload: payload as JsonValue,
      ...(patched_payload !== undefined && { patch: patched_payload as JsonValue }),
      ...(diff_summary && { diff: diff_summary }),
    };
  }
  if (keys.length === 0) return { readable: false, fault: "no_key" };
  const { EnvelopeOpenError, openEnvelope } = await import("@holdpoint/protocol/envelope");
  const open = (value: unknown, field: "payload" | "patch") =>
    openEnvelope(value, { projectId: request.project_id, requestId: request.id, field }, keys);
  try {
    const payload = await open(request.payload, "payload");
    if (request.patched_payload === undefined) return { readable: true, payload };
    const patch = await open(request.patched_payload, "patch");
    return { readable: true, payload, patch, diff: diffPayload(payload, patch) };
  } catch (error) {
    return { readable: false, fault: error instanceof EnvelopeOpenError ? error.fault : "failed" };
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  no_key: "encrypted; set HOLDPOINT_ENCRYPTION_KEY to read it",
  unknown_key: "encrypted with a key that HOLDPOINT_ENCRYPTION_KEY does not hold",
  bad_binding: "made for another request: do not approve it",
  not_authentic: "changed since it was encrypted: do not approve it",
};

/** Why it cannot be read, in words. */
export function describeFault(fault: string): string {
  return FAULTS[fault] ?? `not decrypted (${fault}): do not approve it`;
}
