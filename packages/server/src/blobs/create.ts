import { dirname, join } from "node:path";
import type { Clock } from "../domain/clock.js";
import type { ControlPlaneOptions } from "../options.js";
import { createFolderBlobs } from "./folder.js";
import { createMemoryBlobs } from "./memory.js";
import { createS3Blobs, type S3BlobOptions } from "./s3.js";
import { createUrlSigner } from "./signature.js";
import type { BlobStore } from "./store.js";

/** Where parked states are kept. */
export type BlobOptions =
  | {
      /** Files. Several replicas of one control plane must see the same folder. */
      readonly kind: "folder";
      readonly path: string;
    }
  | { readonly kind: "memory" }
  | ({ readonly kind: "s3" } & S3BlobOptions);

/** The store of the options; nothing is opened or made before the first blob. */
export function createBlobs(
  options: Pick<ControlPlaneOptions, "blobs" | "storage" | "masterKey" | "previousMasterKeys">,
  clock: Clock,
  publicUrl: () => string,
): BlobStore {
  const { masterKey, previousMasterKeys = [] } = options;
  const blobs = options.blobs ?? defaultBlobs(options.storage);
  if (blobs.kind === "s3") return createS3Blobs(blobs, clock);
  const signer = createUrlSigner([masterKey, ...previousMasterKeys], clock, publicUrl);
  return blobs.kind === "folder"
    ? createFolderBlobs(blobs.path, signer)
    : createMemoryBlobs(signer);
}

function defaultBlobs(storage: ControlPlaneOptions["storage"]): BlobOptions {
  if (storage.kind === "postgres") {
    throw new TypeError(
      "Expected blobs beside a PostgreSQL database: where parked states are kept. Name a folder that every replica sees, or S3.",
    );
  }
  if (storage.kind !== "sqlite") return { kind: "memory" };
  return { kind: "folder", path: join(dirname(storage.path), "blobs") };
}
