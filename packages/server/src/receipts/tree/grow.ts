import { EMPTY_ROOT, hashChildren, hashPerfect } from "./hash.js";
import { countAtLevel, edgeOf, hashesOf, TILE_WIDTH, type Tile } from "./tile.js";

/**
 * A tree that grows at its right edge. It holds the edge alone, whatever the size: of each level
 * the tile that is not full yet.
 */
export class GrowingTree {
  #size: number;
  /** By level: the hashes of the tile that is not full yet, and how many the level holds in all. */
  readonly #levels: { readonly hashes: Uint8Array[]; count: number }[] = [];
  readonly #full: Tile[] = [];

  /** @param edge - The tiles that {@link edgeOf} names; longer ones are read as far as they belong. */
  constructor(size: number, edge: readonly Tile[]) {
    this.#size = size;
    for (const { level, index } of edgeOf(size)) {
      const tile = edge.find((each) => each.level === level && each.index === index);
      if (tile === undefined) throw new RangeError(`Expected tile ${level}/${index} of the edge.`);
      const width = countAtLevel(size, level) % TILE_WIDTH;
      this.#level(level).hashes.push(...hashesOf(tile.bytes, width));
    }
  }

  get size(): number {
    return this.#size;
  }

  append(leafHash: Uint8Array): void {
    this.#push(0, leafHash);
    this.#size += 1;
  }

  /** Every tile that has grown: those that became full, and the edge. */
  tiles(): readonly Tile[] {
    const edge = this.#levels.flatMap(({ hashes, count }, level) => {
      const index = Math.floor(count / TILE_WIDTH);
      return hashes.length === 0 ? [] : [{ level, index, bytes: Buffer.concat(hashes) }];
    });
    return [...this.#full, ...edge];
  }

  /** The Merkle Tree Hash of all leaves. @see RFC 6962 §2.1 */
  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const { hashes } of this.#levels) root = foldRight(hashes, root);
    return root ?? EMPTY_ROOT;
  }

  #push(level: number, hash: Uint8Array): void {
    const grown = this.#level(level);
    grown.hashes.push(hash);
    grown.count += 1;
    if (grown.hashes.length < TILE_WIDTH) return;
    const hashes = grown.hashes.splice(0);
    const index = grown.count / TILE_WIDTH - 1;
    this.#full.push({ level, index, bytes: Buffer.concat(hashes) });
    this.#push(level + 1, hashPerfect(hashes));
  }

  #level(level: number): { readonly hashes: Uint8Array[]; count: number } {
    while (this.#levels.length <= level) {
      this.#levels.push({ hashes: [], count: countAtLevel(this.#size, this.#levels.length) });
    }
    return this.#levels[level] as { readonly hashes: Uint8Array[]; count: number };
  }
}

/** Joins the perfect subtrees of `hashes`, smallest and rightmost first, to what lies right of them. */
function foldRight(
  hashes: readonly Uint8Array[],
  right: Uint8Array | undefined,
): Uint8Array | undefined {
  let root = right;
  let end = hashes.length;
  for (let width = 1; end > 0; width *= 2) {
    if (end % (2 * width) === 0) continue;
    const subtree = hashPerfect(hashes.slice(end - width, end));
    root = root === undefined ? subtree : hashChildren(subtree, root);
    end -= width;
  }
  return root;
}
