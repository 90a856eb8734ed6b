import type { WireState } from "@holdpoint/protocol";
import type { BlobStore } from "../../blobs/store.js";
import type { State } from "../../store/verbs/states.js";
import { optionalTime, wireTime } from "../time.js";

/** A state just made, with where its bytes go while it has none. */
export async function toCreatedState(
  blobs: BlobStore,
  state: State,
  sizeBytes: number | undefined,
): Promise<WireState> {
  if (state.uploadedAt !== undefined || state.deletedAt !== undefined) return describe(state);
  const { url, expiresAt } = await blobs.signUpload(state, sizeBytes);
  return { ...describe(state), upload_url: url, url_expires_at: wireTime(expiresAt) };
}

/** A state with its key and, once uploaded, where its bytes are. */
export async function toWireState(blobs: BlobStore, state: State): Promise<WireState> {
  const { key } = state;
  const described = { ...describe(state), ...(key !== undefined && { key }) };
  if (state.uploadedAt === undefined || state.deletedAt !== undefined) return described;
  const { url, expiresAt } = await blobs.signDownload(state);
  return { ...described, download_url: url, url_expires_at: wireTime(expiresAt) };
}

function describe(state: State): WireState {
  return {
    id: state.id,
    created_at: wireTime(state.createdAt),
    ...(state.sizeBytes !== undefined && { size_bytes: state.sizeBytes }),
    ...optionalTime("uploaded_at", state.uploadedAt),
    ...optionalTime("deleted_at", state.deletedAt),
  };
}
