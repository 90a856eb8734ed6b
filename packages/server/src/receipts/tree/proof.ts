import { hashChildren, hashPerfect } from "./hash.js";
import { hashesOf, TILE_HEIGHT, TILE_WIDTH, type Tile, type TilePlace } from "./tile.js";

/** The leaves `from` up to, not including, `to`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * What proves that a leaf is in a tree of `size` leaves: the ranges of leaves whose hashes lead from
 * it to the root, in that order.
 *
 * @throws {RangeError} for a leaf beyond the tree.
 * @see RFC 6962 §2.1.1
 */
export function inclusionRanges(leaf: number, size: number): readonly Range[] {
  if (!(leaf >= 0 && leaf < size)) {
    throw new RangeError(`Expected a leaf below ${size}, got ${leaf}.`);
  }
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (leaf < middle) {
      ranges.unshift({ from: middle, to });
      to = middle;
    } else {
      ranges.unshift({ from, to: middle });
      from = middle;
    }
  }
  return ranges;
}

/** The tiles that hold what {@link hashRange} needs for these ranges. */
export function tilesOf(ranges: readonly Range[]): readonly TilePlace[] {
  const places = new Map<string, TilePlace>();
  for (const subtree of ranges.flatMap(subtreesOf)) {
    const { level, index } = placeOf(subtree);
    places.set(`${level}/${index}`, { level, index });
  }
  return [...places.values()];
}

/** The Merkle Tree Hash of a range of leaves, out of {@link tilesOf} its tiles. */
export function hashRange(range: Range, tiles: readonly Tile[]): Uint8Array {
  return subtreesOf(range)
    .map((subtree) => hashSubtree(subtree, tiles))
    .reduceRight((right, left) => hashChildren(left, right));
}

function hashSubtree(subtree: Range, tiles: readonly Tile[]): Uint8Array {
  const { level, index, offset, width } = placeOf(subtree);
  const tile = tiles.find((each) => each.level === level && each.index === index);
  if (tile === undefined) throw new RangeError(`Expected tile ${level}/${index}.`);
  return hashPerfect(hashesOf(tile.bytes, width, offset));
}

/** Cuts a range that begins where a subtree does into perfect subtrees, left to right. */
function subtreesOf({ from, to }: Range): readonly Range[] {
  const size = to - from;
  if (size === 1) return [{ from, to }];
  const split = splitOf(size);
  if (split * 2 === size) return [{ from, to }];
  return [{ from, to: from + split }, ...subtreesOf({ from: from + split, to })];
}

/** Where the hashes are that make up a perfect subtree: in one tile, for subtrees are aligned. */
function placeOf({ from, to }: Range) {
  const level = Math.floor(Math.log2(to - from) / TILE_HEIGHT);
  const first = from / TILE_WIDTH ** level;
  return {
    level,
    index: Math.floor(first / TILE_WIDTH),
    offset: first % TILE_WIDTH,
    width: (to - from) / TILE_WIDTH ** level,
  };
}

/** The largest power of two below `size`, which is at least 2. */
function splitOf(size: number): number {
  return 2 ** (Math.ceil(Math.log2(size)) - 1);
}
