import type { GrowingTree } from "../grow.js";
import { hashChildren, hashLeaf, sha256 } from "../hash.js";
import type { Tile, TilePlace } from "../tile.js";

/** The definitions of RFC 6962 §2.1 word for word, over all leaf hashes at once. */
export function plainRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256("");
  if (leaves.length === 1) return only;
  const split = largestPowerBelow(leaves.length);
  return hashChildren(plainRoot(leaves.slice(0, split)), plainRoot(leaves.slice(split)));
}

/** `PATH(m, D[n])`. */
export function plainPath(leaf: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const split = largestPowerBelow(leaves.length);
  return leaf < split
    ? [...plainPath(leaf, leaves.slice(0, split)), plainRoot(leaves.slice(split))]
    : [...plainPath(leaf - split, leaves.slice(split)), plainRoot(leaves.slice(0, split))];
}

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

export function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => hashLeaf(Buffer.from(`leaf ${index}`)));
}

/** Tiles as a store keeps them: one row per place, overwritten as they grow. */
export class TileTable {
  readonly #rows = new Map<string, Tile>();

  find(places: readonly TilePlace[]): Tile[] {
    return places.flatMap(({ level, index }) => this.#rows.get(`${level}/${index}`) ?? []);
  }

  save(tree: GrowingTree): void {
    for (const tile of tree.tiles()) this.#rows.set(`${tile.level}/${tile.index}`, tile);
  }

  all(): Tile[] {
    return [...this.#rows.values()];
  }
}
