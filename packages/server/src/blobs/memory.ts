import { createServedStore } from "./served.js";
import type { UrlSigner } from "./signature.js";
import type { BlobName, BlobStore } from "./store.js";

/** Blobs that live as long as this process. */
export function createMemoryBlobs(signer: UrlSigner): BlobStore {
  const blobs = new Map<string, readonly Uint8Array[]>();
  const keyOf = ({ projectId, id }: BlobName) => `${projectId}/${id}`;
  const sizeOf = (pieces: readonly Uint8Array[]) =>
    pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return createServedStore(signer, {
    async write(name, bytes) {
      const pieces: Uint8Array[] = [];
      for await (const piece of bytes) pieces.push(piece);
      if (blobs.has(keyOf(name))) return { outcome: "exists" };
      blobs.set(keyOf(name), pieces);
      return { outcome: "written", sizeBytes: sizeOf(pieces) };
    },
    async read(name) {
      const pieces = blobs.get(keyOf(name));
      if (pieces === undefined) return undefined;
      return { sizeBytes: sizeOf(pieces), body: streamOf(pieces) };
    },
    async size(name) {
      const pieces = blobs.get(keyOf(name));
      return pieces && sizeOf(pieces);
    },
    async delete(name) {
      blobs.delete(keyOf(name));
    },
    async clean() {},
    async close() {
      blobs.clear();
    },
  });
}

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const rest = pieces.values();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = rest.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
