import type { WireState } from "@holdpoint/protocol";
import { ConflictError, NotFoundError, ValidationError } from "../core.js";
import type { ClientParts } from "../late.js";
import type { CallOptions } from "../requests/options.js";
import { type Download, openStream, readBytes } from "./download.js";
import { openKey } from "./key.js";
import type { LoadedState } from "./options.js";
import { fetchState, requireStateId, requireStorageUrl } from "./wire.js";

/** Finds a state and opens its key; its bytes are downloaded when they are asked for. */
export async function loadState(
  parts: ClientParts,
  id: string,
  { signal }: CallOptions,
): Promise<LoadedState> {
  let state = await fetchState(parts, requireStateId(id), signal);
  assertThere(state);
  const download: Download = {
    parts,
    id,
    key: await openKey(parts, state),
    sizeBytes: state.size_bytes ?? 0,
    signal,
    async locate(isExpired) {
      if (isExpired) state = await fetchState(parts, id, signal);
      assertThere(state);
      return requireStorageUrl(parts, state.download_url);
    },
  };
  return {
    id,
    sizeBytes: download.sizeBytes,
    async json<Value>() {
      return parseJson(id, await readBytes(download)) as Value;
    },
    bytes: () => readBytes(download),
    stream: () => openStream(download),
  };
}

function assertThere({ id, deleted_at, download_url }: WireState): void {
  if (deleted_at !== undefined) {
    throw new NotFoundError({
      code: "STATE_NOT_FOUND",
      message: `The state ${id} was deleted at ${deleted_at}, as the control plane is set to do. Park again what is still needed.`,
    });
  }
  if (download_url !== undefined) return;
  throw new ConflictError({
    code: "STATE_NOT_UPLOADED",
    message: `The state ${id} was never uploaded: the process that parked it did not finish. Park it again.`,
  });
}

function parseJson(id: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new ValidationError({
      code: "VALIDATION_FAILED",
      message: `Expected the state ${id} as JSON, got other bytes. Read it with bytes() or stream().`,
    });
  }
}
