import { StateOpenError } from "./fault.js";

// No value is imported from outside this folder: clients load it late, apart from the root entry.

/** Plaintext of one segment, in bytes, unless the writer says otherwise. */
export const STATE_SEGMENT_BYTES = 1_048_576;
/** Bounds of what a header may name, so that a reader's memory stays small. */
const MIN_SEGMENT_BYTES = 16;
const MAX_SEGMENT_BYTES = STATE_SEGMENT_BYTES;

export const STATE_KEY_BYTES = 32;
export const STATE_SALT_BYTES = 32;
export const STATE_NONCE_PREFIX_BYTES = 7;
/** A GCM tag ends each segment. */
export const TAG_BYTES = 16;

const MAGIC = [0x48, 0x50, 0x53, 0x54];
const VERSION = 1;
const ID_BYTES = 30;
const HEADER_TAG_BYTES = 32;

/** Where each part begins. Integers are big-endian, ids ASCII. */
const AT = { version: 4, segmentBytes: 5, projectId: 9, stateId: 39, salt: 69, noncePrefix: 101 };
/** What the tag covers: everything before it. */
export const FIELDS_BYTES = AT.noncePrefix + STATE_NONCE_PREFIX_BYTES;
export const HEADER_BYTES = FIELDS_BYTES + HEADER_TAG_BYTES;

/** Which state of which project this is. Opening it as any other fails. */
export interface StateBinding {
  readonly projectId: string;
  readonly stateId: string;
}

/** What a header says, beside its binding. */
export interface StateHeader {
  readonly segmentBytes: number;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly noncePrefix: Uint8Array<ArrayBuffer>;
}

/**
 * Bytes of a state once encrypted: header, segments and their tags.
 *
 * @param plaintextBytes - Integer ≥ 0.
 */
export function encryptedStateBytes(
  plaintextBytes: number,
  segmentBytes = STATE_SEGMENT_BYTES,
): number {
  const segments = Math.max(1, Math.ceil(plaintextBytes / segmentBytes));
  return HEADER_BYTES + plaintextBytes + segments * TAG_BYTES;
}

/**
 * The header without its tag.
 *
 * @throws {TypeError} {@link RangeError} for parts of another form or length.
 */
export function encodeFields(
  binding: StateBinding,
  { segmentBytes, salt, noncePrefix }: StateHeader,
): Uint8Array<ArrayBuffer> {
  if (!isSegmentSize(segmentBytes)) {
    throw new RangeError(
      `Expected segments of ${MIN_SEGMENT_BYTES} to ${MAX_SEGMENT_BYTES} bytes, got ${segmentBytes}.`,
    );
  }
  const fields = new Uint8Array(FIELDS_BYTES);
  fields.set(MAGIC);
  fields[AT.version] = VERSION;
  new DataView(fields.buffer).setUint32(AT.segmentBytes, segmentBytes);
  fields.set(encodeId(binding.projectId, "prj"), AT.projectId);
  fields.set(encodeId(binding.stateId, "sta"), AT.stateId);
  fields.set(requireBytes("salt", salt, STATE_SALT_BYTES), AT.salt);
  fields.set(requireBytes("noncePrefix", noncePrefix, STATE_NONCE_PREFIX_BYTES), AT.noncePrefix);
  return fields;
}

/**
 * Reads a header as far as one can without its key.
 *
 * @param bytes - {@link HEADER_BYTES} bytes.
 * @throws {StateOpenError} `not_a_state`, `unknown_version`, `wrong_place`.
 */
export function decodeHeader(
  bytes: Uint8Array<ArrayBuffer>,
  binding: StateBinding,
): StateHeader & { readonly fields: Uint8Array<ArrayBuffer>; readonly tag: Uint8Array } {
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) throw new StateOpenError("not_a_state");
  if (bytes[AT.version] !== VERSION) throw new StateOpenError("unknown_version");
  const isHere =
    startsAt(bytes, AT.projectId, encodeId(binding.projectId, "prj")) &&
    startsAt(bytes, AT.stateId, encodeId(binding.stateId, "sta"));
  if (!isHere) throw new StateOpenError("wrong_place");
  const segmentBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(AT.segmentBytes);
  if (!isSegmentSize(segmentBytes)) throw new StateOpenError("not_a_state");
  return {
    segmentBytes,
    salt: bytes.slice(AT.salt, AT.salt + STATE_SALT_BYTES),
    noncePrefix: bytes.slice(AT.noncePrefix, FIELDS_BYTES),
    fields: bytes.slice(0, FIELDS_BYTES),
    tag: bytes.slice(FIELDS_BYTES, HEADER_BYTES),
  };
}

export function requireBytes(
  name: string,
  bytes: Uint8Array,
  length: number,
): Uint8Array<ArrayBuffer> {
  if (bytes instanceof Uint8Array && bytes.length === length) {
    return bytes as Uint8Array<ArrayBuffer>;
  }
  throw new TypeError(`Expected ${name} as ${length} bytes.`);
}

function isSegmentSize(bytes: number): boolean {
  return Number.isInteger(bytes) && bytes >= MIN_SEGMENT_BYTES && bytes <= MAX_SEGMENT_BYTES;
}

function encodeId(id: string, prefix: string): Uint8Array {
  const bytes = new TextEncoder().encode(id);
  if (bytes.length === ID_BYTES && id.startsWith(`${prefix}_`)) return bytes;
  throw new TypeError(`Expected an id of the form ${prefix}_ and 26 characters.`);
}

function startsAt(bytes: Uint8Array, offset: number, expected: Uint8Array): boolean {
  return expected.every((byte, index) => bytes[offset + index] === byte);
}
