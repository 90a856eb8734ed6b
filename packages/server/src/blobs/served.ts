import type { UrlSigner } from "./signature.js";
import type { BlobStore, ServedBlobs } from "./store.js";

type Keeper = Omit<ServedBlobs, "verify"> & Pick<BlobStore, "size" | "delete" | "clean" | "close">;

/** A blob store whose bytes come and go through our own routes, by URLs that we sign. */
export function createServedStore(signer: UrlSigner, keeper: Keeper): BlobStore {
  return {
    signUpload: async (name) => signer.sign("PUT", name),
    signDownload: async (name) => signer.sign("GET", name),
    size: keeper.size,
    delete: keeper.delete,
    clean: keeper.clean,
    close: keeper.close,
    served: { verify: signer.verify, write: keeper.write, read: keeper.read },
  };
}
