import { equalBytes } from "./bytes.js";
import { HASH_BYTES, type Hash, hashNode } from "./hash.js";

// Indices and sizes pass 2^32, where the operators of bits would cut them: hence the arithmetic.

/** What an inclusion proof says: the leaf at `index` is in the tree of `size` leaves under `root`. */
export interface Inclusion {
  readonly leafHash: Hash;
  readonly index: number;
  readonly size: number;
  readonly root: Hash;
  /** From the leaf's sibling up to the root's child. */
  readonly proof: readonly Hash[];
}

/** @see RFC 9162 §2.1.3.2 */
export function verifyInclusion({ leafHash, index, size, root, proof }: Inclusion): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  if (leafHash.length !== HASH_BYTES) return false;
  const walk = startWalk(index, size - 1);
  let hash = leafHash;
  for (const sibling of proof) {
    if (walk.last === 0) return false;
    if (isRightChild(walk)) {
      hash = hashNode(sibling, hash);
      skipLevelsWithoutSibling(walk);
    } else {
      hash = hashNode(hash, sibling);
    }
    climb(walk);
  }
  return walk.last === 0 && equalBytes(hash, root);
}

/**
 * What a consistency proof says: the first `oldSize` leaves of the newer tree are the older one.
 * Of the empty tree there is nothing to prove, so no such claim holds.
 */
export interface Consistency {
  readonly oldSize: number;
  readonly oldRoot: Hash;
  readonly newSize: number;
  readonly newRoot: Hash;
  readonly proof: readonly Hash[];
}

/** @see RFC 9162 §2.1.4.2 */
export function verifyConsistency(claim: Consistency): boolean {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim;
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize || oldSize === 0) return false;
  if (oldSize === newSize) return proof.length === 0 && equalBytes(oldRoot, newRoot);
  if (proof.length === 0) return false;
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  const walk = startWalk(oldSize - 1, newSize - 1);
  while (walk.node % 2 === 1) climb(walk);
  let [oldHash, newHash] = [first, first];
  for (const sibling of rest) {
    if (walk.last === 0) return false;
    if (isRightChild(walk)) {
      oldHash = hashNode(sibling, oldHash);
      newHash = hashNode(sibling, newHash);
      skipLevelsWithoutSibling(walk);
    } else {
      newHash = hashNode(newHash, sibling);
    }
    climb(walk);
  }
  return walk.last === 0 && equalBytes(oldHash, oldRoot) && equalBytes(newHash, newRoot);
}

/** `fn` and `sn` of the RFC: a node's number on its level, and that of the level's last node. */
interface Walk {
  node: number;
  last: number;
}

function startWalk(node: number, last: number): Walk {
  return { node, last };
}

function isRightChild({ node, last }: Walk): boolean {
  return node % 2 === 1 || node === last;
}

function climb(walk: Walk): void {
  walk.node = Math.floor(walk.node / 2);
  walk.last = Math.floor(walk.last / 2);
}

function skipLevelsWithoutSibling(walk: Walk): void {
  while (walk.node % 2 === 0 && walk.node !== 0) climb(walk);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isPowerOfTwo(value: number): boolean {
  return 2 ** Math.round(Math.log2(value)) === value;
}
