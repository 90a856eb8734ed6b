import { ReceiptError } from "./error.js";
import { HASH_BYTES, type Hash } from "./hash.js";

/** Hashes, or entries, in a full tile. */
export const TILE_WIDTH = 256;

/** The path of a tile of hashes below the log's prefix; `width` below 256 names a partial one. */
export function tilePath(level: number, index: number, width: number = TILE_WIDTH): string {
  return `tile/${level}/${numberPath(index)}${partial(width)}`;
}

/** The path of a bundle of entries below the log's prefix. */
export function entriesPath(index: number, width: number = TILE_WIDTH): string {
  return `tile/entries/${numberPath(index)}${partial(width)}`;
}

/** `1234067` becomes `x001/x234/067`. */
function numberPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join("/");
}

function partial(width: number): string {
  return width < TILE_WIDTH ? `.p/${width}` : "";
}

/** How many hashes the tile has in a tree of `size` leaves; 0 when it has none. */
export function tileWidth(level: number, index: number, size: number): number {
  const nodes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, nodes - index * TILE_WIDTH));
}

/** The hashes of a tile. @throws {ReceiptError} `LOG_FORKED` when it has fewer than `width`. */
export function parseTile(bytes: Uint8Array, width: number): readonly Hash[] {
  if (bytes.length % HASH_BYTES !== 0 || bytes.length < width * HASH_BYTES) {
    throw new ReceiptError("tile_contradicted");
  }
  return Array.from({ length: width }, (_, place) =>
    bytes.slice(place * HASH_BYTES, (place + 1) * HASH_BYTES),
  );
}

/**
 * The entries of a bundle, each with its length in two bytes before it. A full bundle answers for a
 * partial one: more than `width` entries are fine, fewer are not.
 *
 * @throws {ReceiptError} `LOG_FORKED` (`resource_missing`).
 */
export function parseEntries(bytes: Uint8Array, width: number): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length && entries.length < width; ) {
    if (offset + 2 > bytes.length) break;
    const end = offset + 2 + view.getUint16(offset);
    if (end > bytes.length) break;
    entries.push(bytes.slice(offset + 2, end));
    offset = end;
  }
  if (entries.length < width) throw new ReceiptError("resource_missing");
  return entries;
}
