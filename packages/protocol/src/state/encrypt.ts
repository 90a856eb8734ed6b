import {
  encodeFields,
  HEADER_BYTES,
  requireBytes,
  STATE_KEY_BYTES,
  STATE_SEGMENT_BYTES,
  type StateBinding,
  type StateHeader,
} from "./header.js";
import { deriveKeys, nonceOf } from "./keys.js";
import { ByteReader, type ByteSource, streamOf } from "./source.js";

export interface EncryptStateOptions extends StateBinding {
  /** 32 random bytes, made for this state alone. */
  readonly key: Uint8Array;
  /**
   * 32 random bytes, fresh for every encryption: also when the same state is encrypted again, for
   * its bytes may have changed since.
   */
  readonly salt: Uint8Array;
  /** 7 random bytes, fresh for every encryption. */
  readonly noncePrefix: Uint8Array;
  /** Plaintext bytes of a segment. Integer, 16 … 1_048_576. Default 1_048_576. */
  readonly segmentBytes?: number;
}

/**
 * Encrypts a state of any length, holding a few segments in memory at most.
 *
 * A failure of the source fails the stream; a stream left early cancels the source.
 *
 * @throws {TypeError} for a key, salt, prefix or id of another length.
 * @throws {RangeError} for `segmentBytes` out of bounds.
 * @see docs/reference/state-format.md
 */
export function encryptState(
  source: ByteSource,
  options: EncryptStateOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { segmentBytes = STATE_SEGMENT_BYTES, noncePrefix, salt } = options;
  const key = Uint8Array.from(requireBytes("key", options.key, STATE_KEY_BYTES));
  // Copied, so that nothing the caller does to its arrays can make a nonce serve twice.
  const header: StateHeader = {
    segmentBytes,
    salt: Uint8Array.from(salt),
    noncePrefix: Uint8Array.from(noncePrefix),
  };
  const fields = encodeFields(options, header);
  const reader = new ByteReader(source);
  return streamOf(encryptSegments(reader, key, header, fields), () => reader.cancel());
}

async function* encryptSegments(
  reader: ByteReader,
  key: Uint8Array,
  header: StateHeader,
  fields: Uint8Array,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { segments, headerTag } = await deriveKeys(key, header, fields);
  yield joinHeader(fields, headerTag);
  for (let counter = 0, isLast = false; !isLast; counter++) {
    const plaintext = await reader.read(header.segmentBytes);
    isLast = await reader.isAtEnd();
    const iv = nonceOf(header.noncePrefix, counter, isLast);
    yield new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, segments, plaintext));
  }
}

function joinHeader(fields: Uint8Array, tag: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(fields);
  header.set(tag, fields.length);
  return header;
}
