import { HASH_BYTES } from "./hash.js";

/** Hashes of a full tile, and entries of a full bundle. */
export const TILE_WIDTH = 256;

/** Levels of the tree that one tile spans: 2^8 is its width. */
export const TILE_HEIGHT = 8;

/** Where a tile is: tiles of level 0 hold leaf hashes, those above a hash per full tile below. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
}

/** Up to {@link TILE_WIDTH} consecutive hashes, one after the other. */
export interface Tile extends TilePlace {
  readonly bytes: Uint8Array;
}

/** How many hashes the tiles of a level hold together, in a tree of `size` leaves. */
export function countAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The tiles at the right edge of a tree that are not full yet, lowest first. */
export function edgeOf(size: number): readonly TilePlace[] {
  const places: TilePlace[] = [];
  for (let level = 0, count = size; count > 0; level += 1, count = countAtLevel(size, level)) {
    if (count % TILE_WIDTH === 0) continue;
    places.push({ level, index: Math.floor(count / TILE_WIDTH) });
  }
  return places;
}

/** The hashes of a tile, as many as asked for. */
export function hashesOf(bytes: Uint8Array, count: number, from = 0): Uint8Array[] {
  if (bytes.length < (from + count) * HASH_BYTES) {
    throw new RangeError(`Expected a tile of ${from + count} hashes, got ${bytes.length} bytes.`);
  }
  return Array.from({ length: count }, (_, place) =>
    bytes.subarray((from + place) * HASH_BYTES, (from + place + 1) * HASH_BYTES),
  );
}
