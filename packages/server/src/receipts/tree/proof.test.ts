import { verifyInclusion } from "@holdpoint/protocol/receipt";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GrowingTree } from "./grow.js";
import { hashRange, inclusionRanges, tilesOf } from "./proof.js";
import { leavesOf, plainPath, plainRoot, TileTable } from "./testing/plain.js";

const SIZE = 2_000;
const leaves = leavesOf(SIZE);

/** What is in the store when the tree has grown to its last size. */
function storedTiles(size: number): TileTable {
  const table = new TileTable();
  const tree = new GrowingTree(0, []);
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  table.save(tree);
  return table;
}

function prove(table: TileTable, leaf: number, size: number): Uint8Array[] {
  const ranges = inclusionRanges(leaf, size);
  const tiles = table.find(tilesOf(ranges));
  return ranges.map((range) => hashRange(range, tiles));
}

describe("an inclusion proof", () => {
  const table = storedTiles(SIZE);

  it("is the plain definition's for every leaf of every tree up to 50", () => {
    for (let size = 1; size <= 50; size += 1) {
      const tree = leaves.slice(0, size);
      for (let leaf = 0; leaf < size; leaf += 1) {
        const [proof, path] = [prove(table, leaf, size), plainPath(leaf, tree)];
        expect(proof).toHaveLength(path.length);
        expect(Buffer.compare(Buffer.concat(proof), Buffer.concat(path))).toBe(0);
      }
    }
  });

  it("convinces the verifier at any size, out of tiles that have grown since", () => {
    const trees = fc
      .integer({ min: 1, max: SIZE })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));
    fc.assert(
      fc.property(trees, ([size, index]) => {
        const proof = prove(table, index, size);
        const root = plainRoot(leaves.slice(0, size));
        const leafHash = leaves[index] ?? new Uint8Array();
        expect(verifyInclusion({ leafHash, index, size, root, proof })).toBe(true);
        const other = leaves[(index + 1) % SIZE] ?? new Uint8Array();
        expect(verifyInclusion({ leafHash: other, index, size, root, proof })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it("needs no more than two tiles a level", () => {
    for (const [leaf, size] of [
      [0, 16_777_217],
      [16_777_215, 16_777_217],
      [9_999_999, 12_345_678],
    ] as const) {
      const places = tilesOf(inclusionRanges(leaf, size));
      for (const level of [0, 1, 2, 3]) {
        expect(places.filter((place) => place.level === level).length).toBeLessThanOrEqual(2);
      }
    }
  });

  it.each([
    [0, 0],
    [5, 5],
    [-1, 5],
    [Number.NaN, 5],
  ])("of leaf %d in a tree of %d there is none", (leaf, size) => {
    expect(() => inclusionRanges(leaf, size)).toThrow(RangeError);
  });
});
