import type { Envelope, JsonValue } from "@holdpoint/protocol";
import { encryptedStateBytes, STATE_KEY_BYTES } from "@holdpoint/protocol/state";
import { ConflictError, createId, EncryptionError } from "../core.js";
import type { ClientParts } from "../late.js";
import { encodeKey, openKey } from "./key.js";
import type { ParkedState, ParkOptions, StateData } from "./options.js";
import { readSource, type StateSource } from "./source.js";
import { uploadState } from "./upload.js";
import { fetchState, parseState, requireStateId, requireStorageUrl } from "./wire.js";

/** Encrypts a state with a key of its own, and uploads it to where the control plane says. */
export async function parkState(
  parts: ClientParts,
  data: StateData,
  options: ParkOptions,
): Promise<ParkedState> {
  requireCrypto();
  const { signal } = options;
  const id = options.id === undefined ? createId("sta") : requireStateId(options.id);
  const source = await readSource(data, options);
  const made = await makeState(parts, id, source, signal);
  if ("sizeBytes" in made) return made;
  const upload = { ...made, source, projectId: parts.options.projectId, stateId: id };
  const sizeBytes = await uploadState(parts, upload, signal);
  return { id, sizeBytes: sizeBytes ?? (await uploadedBytes(parts, id, signal)) };
}

/** Where a state's bytes go and with which key; or the state, where it was parked before. */
async function makeState(
  parts: ClientParts,
  id: string,
  source: StateSource,
  signal: AbortSignal | undefined,
): Promise<{ readonly url: string; readonly key: Uint8Array } | ParkedState> {
  const key = crypto.getRandomValues(new Uint8Array(STATE_KEY_BYTES));
  try {
    const text = encodeKey(key);
    const wireKey = parts.cipher.enabled ? await parts.cipher.seal(text, id, "state") : text;
    return { url: await reserve(parts, id, wireKey, source, signal), key };
  } catch (error) {
    const isTaken = error instanceof ConflictError && error.code === "RESOURCE_CONFLICT";
    const known = isTaken ? await fetchState(parts, id, signal) : undefined;
    if (known?.key === undefined || known.deleted_at !== undefined) throw error;
    if (known.uploaded_at !== undefined) return { id, sizeBytes: known.size_bytes ?? 0 };
    // Begun by a process that did not finish: what it said of the key still holds.
    const url = await reserve(parts, id, known.key, source, signal);
    return { url, key: await openKey(parts, known) };
  }
}

async function reserve(
  parts: ClientParts,
  id: string,
  key: JsonValue | Envelope,
  { sizeBytes }: StateSource,
  signal: AbortSignal | undefined,
): Promise<string> {
  const body = JSON.stringify({
    id,
    key,
    size_bytes: sizeBytes === undefined ? undefined : encryptedStateBytes(sizeBytes),
  });
  const call = { method: "POST", path: "/v1/states", body, signal } as const;
  const state = parseState(await parts.transport.call(call), id);
  return requireStorageUrl(parts, state.upload_url);
}

async function uploadedBytes(
  parts: ClientParts,
  id: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  return (await fetchState(parts, id, signal)).size_bytes ?? 0;
}

function requireCrypto(): void {
  if (globalThis.crypto?.subtle !== undefined) return;
  throw new EncryptionError({
    code: "ENCRYPTION_FAILED",
    message:
      "Cannot encrypt the state. Nothing was sent. This runtime needs WebCrypto, which browsers have on https pages only.",
  });
}
