import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consistencyProof, inclusionProof, leafHashOf, treeHash } from "./fixtures/log.js";
import { verifyConsistency, verifyInclusion } from "./proof.js";
import { coverRange, GrowingTree, rootOf } from "./tree.js";

/** Its `about` names the source: the test data of transparency-dev/merkle. */
const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/merkle.json", import.meta.url), "utf8"),
) as { inclusion: Record<string, string>; consistency: Record<string, string> };

const bytes = (text = ".") => (text === "." ? Buffer.alloc(0) : Buffer.from(text, "base64"));
const proofOf = (text = "-") => (text === "-" ? [] : text.split(",").map(bytes));

describe("public vectors", () => {
  test("are all there", () => {
    const outcomes = Object.values({ ...vectors.inclusion, ...vectors.consistency });
    expect(Object.keys(vectors.inclusion)).toHaveLength(98);
    expect(Object.keys(vectors.consistency)).toHaveLength(98);
    expect(new Set(outcomes.map((line) => line.split(" ")[0]))).toEqual(
      new Set(["holds", "fails"]),
    );
  });

  test.each(Object.entries(vectors.inclusion))("inclusion: %s", (_name, line) => {
    const [outcome, index, size, leafHash, root, proof] = line.split(" ");
    const holds = verifyInclusion({
      leafHash: bytes(leafHash),
      index: Number(index),
      size: Number(size),
      root: bytes(root),
      proof: proofOf(proof),
    });
    expect(holds).toBe(outcome === "holds");
  });

  test.each(Object.entries(vectors.consistency))("consistency: %s", (_name, line) => {
    const [outcome, oldSize, oldRoot, newSize, newRoot, proof] = line.split(" ");
    const holds = verifyConsistency({
      oldSize: Number(oldSize),
      oldRoot: bytes(oldRoot),
      newSize: Number(newSize),
      newRoot: bytes(newRoot),
      proof: proofOf(proof),
    });
    expect(holds).toBe(outcome === "holds");
  });
});

/** Up to 300 leaves: beyond a tile, and off every power of two. */
const trees = fc
  .integer({ min: 1, max: 300 })
  .map((size) => Array.from({ length: size }, (_, index) => leafHashOf(`leaf ${index}`)));

function flipped(hash: Buffer, bit: number): Buffer {
  const copy = Buffer.from(hash);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

describe("any tree", () => {
  test("proves each of its leaves, and nothing else with the same proof", () => {
    fc.assert(
      fc.property(trees, fc.nat(), fc.nat(), fc.nat(255), (leaves, number, other, bit) => {
        const index = number % leaves.length;
        const leafHash = leaves[index] as Buffer;
        const claim = {
          leafHash,
          index,
          size: leaves.length,
          root: treeHash(leaves),
          proof: inclusionProof(index, leaves),
        };
        expect(verifyInclusion(claim)).toBe(true);
        const { proof, root, size } = claim;
        expect(verifyInclusion({ ...claim, leafHash: flipped(leafHash, bit) })).toBe(false);
        expect(verifyInclusion({ ...claim, root: flipped(root, bit) })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, root] })).toBe(false);
        expect(verifyInclusion({ ...claim, index: size + (other % 9) })).toBe(false);
        if (other % size !== index) {
          expect(verifyInclusion({ ...claim, index: other % size })).toBe(false);
        }
        if (proof.length > 0) {
          expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
          expect(verifyInclusion({ ...claim, proof: proof.slice(0, -1) })).toBe(false);
          const changed = proof.map((hash, place) =>
            place === other % proof.length ? flipped(hash, bit) : hash,
          );
          expect(verifyInclusion({ ...claim, proof: changed })).toBe(false);
        }
      }),
    );
  });

  test("proves that it contains each earlier one, and no other history", () => {
    fc.assert(
      fc.property(trees, fc.nat(), fc.nat(255), (leaves, number, bit) => {
        const oldSize = 1 + (number % leaves.length);
        const claim = {
          oldSize,
          oldRoot: treeHash(leaves.slice(0, oldSize)),
          newSize: leaves.length,
          newRoot: treeHash(leaves),
          proof: consistencyProof(oldSize, leaves),
        };
        expect(verifyConsistency(claim)).toBe(true);
        const { proof, oldRoot, newRoot, newSize } = claim;
        expect(verifyConsistency({ ...claim, oldRoot: flipped(oldRoot, bit) })).toBe(false);
        expect(verifyConsistency({ ...claim, newRoot: flipped(newRoot, bit) })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...proof, newRoot] })).toBe(false);
        expect(verifyConsistency({ ...claim, newSize: oldSize - 1 })).toBe(false);
        if (proof.length > 0) {
          expect(verifyConsistency({ ...claim, proof: proof.slice(0, -1) })).toBe(false);
          const changed = [flipped(proof[0] as Buffer, bit), ...proof.slice(1)];
          expect(verifyConsistency({ ...claim, proof: changed })).toBe(false);
          expect(verifyConsistency({ ...claim, oldSize: newSize })).toBe(false);
        }
      }),
    );
  });

  test("has the same root whether leaf by leaf, in subtrees or by the definition", () => {
    fc.assert(
      fc.property(trees, fc.nat(), fc.nat(), (leaves, one, other) => {
        const [from, to] = [one, other].map((n) => n % (leaves.length + 1)).sort((a, b) => a - b);
        const tree = new GrowingTree();
        leaves.slice(0, from).forEach((hash) => {
          tree.append(hash);
        });
        for (const { start, level } of coverRange(from as number, to as number)) {
          tree.append(rootOf(leaves.slice(start, start + 2 ** level)), level);
        }
        leaves.slice(to).forEach((hash) => {
          tree.append(hash);
        });
        expect(tree.size).toBe(leaves.length);
        expect(Buffer.from(tree.root())).toEqual(treeHash(leaves));
        expect(Buffer.from(rootOf(leaves))).toEqual(treeHash(leaves));
      }),
    );
  });
});

test("sizes beyond 32 bits keep all their digits", () => {
  const size = 2 ** 40;
  const root = leafHashOf("left half");
  const sibling = leafHashOf("right half");
  const claim = { oldSize: size, oldRoot: root, newSize: 2 * size, proof: [sibling] };
  const tree = new GrowingTree();
  tree.append(root, 40);
  tree.append(sibling, 40);
  expect(verifyConsistency({ ...claim, newRoot: tree.root() })).toBe(true);
  expect(verifyConsistency({ ...claim, oldSize: size + 2 ** 33, newRoot: tree.root() })).toBe(
    false,
  );
});

test("a subtree begins only where it fits", () => {
  const tree = new GrowingTree();
  tree.append(leafHashOf("one"));
  expect(() => tree.append(leafHashOf("two and three"), 1)).toThrow(RangeError);
});
