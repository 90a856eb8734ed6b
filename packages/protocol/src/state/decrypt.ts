import type { CryptoKey } from "jose";
import { StateOpenError } from "./fault.js";
import {
  decodeHeader,
  HEADER_BYTES,
  requireBytes,
  STATE_KEY_BYTES,
  type StateBinding,
  TAG_BYTES,
} from "./header.js";
import { deriveKeys, isEqual, nonceOf } from "./keys.js";
import { ByteReader, type ByteSource, streamOf } from "./source.js";

export interface DecryptStateOptions extends StateBinding {
  /** The state's 32 bytes. */
  readonly key: Uint8Array;
  /**
   * How many bytes the source should have, where that is known from elsewhere. Then a cut or an
   * addition anywhere is told apart from a change; without it only one at a segment's boundary is.
   */
  readonly encryptedBytes?: number;
}

/**
 * Decrypts a state, holding a few segments in memory at most. What comes out is authentic, but only
 * the end of the stream says that it was all: use nothing of a stream that fails.
 *
 * The stream fails with {@link StateOpenError}, or with what its source failed with.
 *
 * @throws {TypeError} for a key or id of another length.
 * @see docs/reference/state-format.md
 */
export function decryptState(
  source: ByteSource,
  options: DecryptStateOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  requireBytes("key", options.key, STATE_KEY_BYTES);
  const reader = new ByteReader(source);
  return streamOf(decryptSegments(reader, options), () => reader.cancel());
}

async function* decryptSegments(
  reader: ByteReader,
  options: DecryptStateOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const seen = new Length(options.encryptedBytes);
  const head = seen.add(await reader.read(HEADER_BYTES));
  if (head.length < HEADER_BYTES) throw new StateOpenError("truncated");
  const { fields, tag, ...header } = decodeHeader(head, options);
  const { segments, headerTag } = await deriveKeys(options.key, header, fields);
  if (!isEqual(tag, headerTag)) throw new StateOpenError("wrong_key");
  const open = segmentOpener(segments, header.noncePrefix);
  for (let counter = 0, isLast = false; !isLast; counter++) {
    const segment = seen.add(await reader.read(header.segmentBytes + TAG_BYTES));
    isLast = await reader.isAtEnd();
    seen.check(isLast);
    const plaintext = await open(segment, counter, isLast);
    if (plaintext.length > 0) yield plaintext;
  }
}

function segmentOpener(key: CryptoKey, noncePrefix: Uint8Array) {
  const attempt = async (segment: Uint8Array<ArrayBuffer>, counter: number, isLast: boolean) => {
    const iv = nonceOf(noncePrefix, counter, isLast);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, segment));
  };
  return async (segment: Uint8Array<ArrayBuffer>, counter: number, isLast: boolean) => {
    if (segment.length < TAG_BYTES) throw new StateOpenError("truncated");
    // A writer ends with the last bytes there are; an empty end would be a second way to say so.
    const isEmptyEnd = isLast && counter > 0 && segment.length === TAG_BYTES;
    try {
      if (!isEmptyEnd) return await attempt(segment, counter, isLast);
    } catch {
      const isOtherwise = await attempt(segment, counter, !isLast).then(
        () => true,
        () => false,
      );
      if (isOtherwise) throw new StateOpenError(isLast ? "truncated" : "trailing_bytes");
    }
    throw new StateOpenError("not_authentic");
  };
}

/** Holds what comes against what should. */
class Length {
  readonly #expected: number | undefined;
  #bytes = 0;

  constructor(expected: number | undefined) {
    this.#expected = expected;
  }

  add(piece: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    this.#bytes += piece.length;
    return piece;
  }

  check(hasEnded: boolean): void {
    if (this.#expected === undefined) return;
    if (this.#bytes > this.#expected) throw new StateOpenError("trailing_bytes");
    if (!hasEnded && this.#bytes === this.#expected) throw new StateOpenError("trailing_bytes");
    if (hasEnded && this.#bytes < this.#expected) throw new StateOpenError("truncated");
  }
}
