import { LIMITS } from "@holdpoint/protocol";
import type { BlobName, BlobStore, ServedBlobs } from "../../blobs/store.js";
import type { Context } from "../../context.js";
import { ProblemError } from "../../domain/problem.js";
import { assertStateSize, stateNotFound } from "./load.js";

type Parts = Pick<Context, "store" | "blobs" | "clock">;

/** What a signed URL says it is for. */
export interface SignedCall {
  readonly method: "PUT" | "GET";
  readonly name: BlobName;
  readonly expiresAt: number;
  readonly signature: string;
}

/**
 * The blobs behind a signed URL of ours. The signature is the permission: who asks is not looked at.
 *
 * @throws {ProblemError} `STATE_URL_INVALID`: not ours, for something else, or expired.
 */
export function assertSigned(blobs: BlobStore, call: SignedCall): ServedBlobs {
  const { served } = blobs;
  if (served?.verify(call.method, call.name, call.expiresAt, call.signature)) return served;
  throw new ProblemError({
    code: "STATE_URL_INVALID",
    detail:
      "Expected a URL as the control plane signed it, for this method and not yet expired. Ask for a new one.",
  });
}

/**
 * Takes in the bytes of a state, once.
 *
 * @param declaredBytes - What the client says it will send, where it says so.
 * @throws {ProblemError} `STATE_NOT_FOUND`, `STATE_TOO_LARGE`, `RESOURCE_CONFLICT`: it has its bytes;
 *   `BODY_MALFORMED`: the upload broke off, and nothing was kept.
 */
export async function receiveState(
  { store, blobs, clock }: Parts,
  served: ServedBlobs,
  name: BlobName,
  body: AsyncIterable<Uint8Array>,
  declaredBytes: number | undefined,
): Promise<void> {
  const state = await store.states.find(name.projectId, name.id);
  if (state === undefined || state.deletedAt !== undefined) throw stateNotFound();
  if (state.uploadedAt !== undefined) throw uploadedAlready();
  if (declaredBytes !== undefined) assertStateSize(declaredBytes);
  const result = await served.write(name, bounded(body, declaredBytes));
  if (result.outcome === "exists") throw uploadedAlready();
  const { sizeBytes } = result;
  if (await store.states.markUploaded(name, { sizeBytes, at: clock.now() })) return;
  const standing = await store.states.find(name.projectId, name.id);
  if (standing?.uploadedAt !== undefined && standing.deletedAt === undefined) return;
  // Deleted while it arrived: whoever deletes it may have looked before there was anything.
  await blobs.delete(name);
  throw stateNotFound();
}

/** No more than is allowed, and no less than was said. */
async function* bounded(
  body: AsyncIterable<Uint8Array>,
  declaredBytes: number | undefined,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const piece of arriving(body)) {
    received += piece.byteLength;
    if (received > LIMITS.stateBytes) assertStateSize(received);
    yield piece;
  }
  if (received === 0 || (declaredBytes !== undefined && received !== declaredBytes)) {
    throw brokenOff();
  }
}

/** A client that goes away is no failure of ours. */
async function* arriving(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await pieces.next().catch(() => undefined);
      if (next === undefined) throw brokenOff();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.().catch(() => {});
  }
}

function brokenOff(): ProblemError {
  return new ProblemError({
    code: "BODY_MALFORMED",
    detail: "Expected the whole encrypted state, got less. Nothing was kept; upload it again.",
  });
}

function uploadedAlready(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: "Expected a state without bytes; this one was uploaded before, and stays as it is.",
  });
}
