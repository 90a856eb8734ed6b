import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GrowingTree } from "./grow.js";
import { hashLeaf } from "./hash.js";
import { leavesOf, plainRoot, TileTable } from "./testing/plain.js";
import { countAtLevel, edgeOf, TILE_WIDTH } from "./tile.js";

function grown(count: number): GrowingTree {
  const tree = new GrowingTree(0, []);
  for (const leaf of leavesOf(count)) tree.append(leaf);
  return tree;
}

describe("the root", () => {
  /** The reference implementation's own test data: transparency-dev/merkle, testonly/constants.go. */
  const INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"].concat(
    "606162636465666768696a6b6c6d6e6f",
  );
  const ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ];

  it.each(ROOTS.map((root, size) => [size, root] as const))(
    "of the reference's %i leaves is the reference's",
    (size, root) => {
      const tree = new GrowingTree(0, []);
      for (const input of INPUTS.slice(0, size)) tree.append(hashLeaf(Buffer.from(input, "hex")));
      expect(Buffer.from(tree.root()).toString("hex")).toBe(root);
    },
  );

  it("is the plain definition's at every size up to 600", () => {
    const leaves = leavesOf(600);
    const tree = new GrowingTree(0, []);
    expect(tree.root()).toEqual(plainRoot([]));
    for (const [index, leaf] of leaves.entries()) {
      tree.append(leaf);
      expect(Buffer.compare(tree.root(), plainRoot(leaves.slice(0, index + 1)))).toBe(0);
    }
  });

  it("does not depend on how often the tree was put away and taken up again", () => {
    const leaves = leavesOf(3_000);
    const steps = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(steps, (counts) => {
        const table = new TileTable();
        let size = 0;
        for (const count of counts) {
          const tree = new GrowingTree(size, table.find(edgeOf(size)));
          for (const leaf of leaves.slice(size, size + count)) tree.append(leaf);
          table.save(tree);
          size = tree.size;
          expect(tree.root()).toEqual(plainRoot(leaves.slice(0, size)));
        }
      }),
      { numRuns: 15 },
    );
  });

  it("takes no edge that lacks a tile or a hash", () => {
    expect(() => new GrowingTree(3, [])).toThrow(RangeError);
    const [tile] = grown(2).tiles();
    expect(() => new GrowingTree(3, tile ? [tile] : [])).toThrow(RangeError);
  });
});

describe("tiles", () => {
  it("are those the specification counts for 70,000 leaves", () => {
    const table = new TileTable();
    table.save(grown(70_000));
    const widths = (level: number) =>
      table
        .all()
        .filter((tile) => tile.level === level)
        .sort((one, other) => one.index - other.index)
        .map(({ bytes }) => bytes.length / 32);
    expect(widths(0)).toEqual([...Array(273).fill(256), 112]);
    expect(widths(1)).toEqual([256, 17]);
    expect(widths(2)).toEqual([1]);
    expect(widths(3)).toEqual([]);
  });

  it("are a full one and one of a single hash above it for 256 leaves", () => {
    const places = grown(256)
      .tiles()
      .map(({ level, index, bytes }) => [level, index, bytes.length]);
    expect(places).toEqual([
      [0, 0, 8_192],
      [1, 0, 32],
    ]);
  });

  it("hold MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l])", () => {
    const leaves = leavesOf(1_500);
    for (const tile of grown(1_500).tiles()) {
      const span = TILE_WIDTH ** tile.level;
      const width = tile.bytes.length / 32;
      const hashes = Array.from({ length: width }, (_, i) => {
        const from = (tile.index * TILE_WIDTH + i) * span;
        return plainRoot(leaves.slice(from, from + span));
      });
      expect(Buffer.from(tile.bytes)).toEqual(Buffer.concat(hashes));
      expect(width).toBe(
        Math.min(TILE_WIDTH, countAtLevel(1_500, tile.level) - tile.index * TILE_WIDTH),
      );
    }
  });
});
