/** What names a blob: a state of a project. */
export interface BlobName {
  readonly projectId: string;
  readonly id: string;
}

/** A URL that lets whoever holds it do one thing to one blob until it expires. */
export interface SignedUrl {
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Keeps encrypted bytes that it cannot read. */
export interface BlobStore {
  /**
   * Where a client puts the bytes, with a `PUT` and no credential.
   *
   * @param sizeBytes - How many it will be, where known.
   */
  signUpload(name: BlobName, sizeBytes?: number): Promise<SignedUrl>;
  /** Where a client gets them. */
  signDownload(name: BlobName): Promise<SignedUrl>;
  /** Bytes of a blob that is there as a whole; `undefined`: none is. */
  size(name: BlobName): Promise<number | undefined>;
  /** Idempotent. */
  delete(name: BlobName): Promise<void>;
  /** Removes what uploads broken off by a crash before this time have left behind. */
  clean(before: number): Promise<void>;
  /** Set where the bytes come and go through our own routes. */
  readonly served?: ServedBlobs;
  close(): Promise<void>;
}

/** Blobs whose bytes pass through this process. */
export interface ServedBlobs {
  /**
   * Tells whether a URL of ours was signed for this and has not expired.
   *
   * @param signature - As it came.
   */
  verify(method: "PUT" | "GET", name: BlobName, expiresAt: number, signature: string): boolean;
  /**
   * Keeps the bytes, all or none of them, and only where there are none yet.
   *
   * @throws what `bytes` throws; nothing is kept.
   */
  write(
    name: BlobName,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<
    { readonly outcome: "written"; readonly sizeBytes: number } | { readonly outcome: "exists" }
  >;
  read(
    name: BlobName,
  ): Promise<{ readonly sizeBytes: number; readonly body: ReadableStream<Uint8Array> } | undefined>;
}
