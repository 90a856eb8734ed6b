import { emptyRoot, type Hash, hashNode } from "./hash.js";

interface Subtree {
  readonly hash: Hash;
  /** It covers `2 ** level` leaves. */
  readonly level: number;
}

/**
 * A Merkle tree that only grows and keeps no more than a hash per bit of its size: what a ledger of
 * any length needs to compute its root.
 *
 * @see RFC 9162 §2.1.2 (the same stack)
 */
export class GrowingTree {
  readonly #subtrees: Subtree[] = [];
  #size = 0;

  /** How many leaves there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * Appends one leaf, or with `level` a whole subtree of `2 ** level` leaves.
   *
   * @throws {RangeError} when no subtree of that level can begin here.
   */
  append(hash: Hash, level = 0): void {
    const width = 2 ** level;
    if (this.#size % width !== 0) {
      throw new RangeError(`No subtree of ${width} leaves begins at leaf ${this.#size}.`);
    }
    this.#size += width;
    let subtree: Subtree = { hash, level };
    for (let left = this.#subtrees.at(-1); left?.level === subtree.level; ) {
      this.#subtrees.pop();
      subtree = { hash: hashNode(left.hash, subtree.hash), level: subtree.level + 1 };
      left = this.#subtrees.at(-1);
    }
    this.#subtrees.push(subtree);
  }

  /** The root over all leaves so far. */
  root(): Hash {
    const hashes = this.#subtrees.map(({ hash }) => hash);
    const last = hashes.pop();
    return last === undefined
      ? emptyRoot()
      : hashes.reduceRight((right, left) => hashNode(left, right), last);
  }
}

/** The fewest whole subtrees that cover the leaves `from` (included) to `to` (excluded), in order. */
export function coverRange(
  from: number,
  to: number,
): readonly { readonly start: number; readonly level: number }[] {
  const cover: { start: number; level: number }[] = [];
  for (let start = from; start < to; ) {
    let level = 0;
    while (start % 2 ** (level + 1) === 0 && start + 2 ** (level + 1) <= to) level++;
    cover.push({ start, level });
    start += 2 ** level;
  }
  return cover;
}

/** The root over these leaves alone. */
export function rootOf(leafHashes: readonly Hash[]): Hash {
  const tree = new GrowingTree();
  for (const leafHash of leafHashes) tree.append(leafHash);
  return tree.root();
}
