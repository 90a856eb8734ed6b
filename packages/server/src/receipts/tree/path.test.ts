import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIndex, parseTileLevel, parseTilePath } from "./path.js";

describe("the path of a tile", () => {
  it.each([
    ["000", { index: 0 }],
    ["x001/x234/067", { index: 1_234_067 }],
    ["x001/000", { index: 1_000 }],
    ["999.p/1", { index: 999, width: 1 }],
    ["x001/x234/067.p/255", { index: 1_234_067, width: 255 }],
  ])("%s is read", (path, named) => {
    expect(parseTilePath(path)).toEqual(named);
  });

  it.each([
    "",
    "0",
    "0000",
    "x000/001",
    "001/234",
    "x001/x234",
    "x001//067",
    "x1/067",
    "-01",
    "067.p/0",
    "067.p/256",
    "067.p/01",
    "067.p/",
    "067.p",
    "067/",
    "067?p=1",
    "x999/x999/x999/x999/x999/x999/999",
    "٠٠١",
  ])("%j is none", (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  it("is read as it is written, for any index", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (index) => {
        expect(parseTilePath(formatIndex(index))).toEqual({ index });
      }),
    );
  });
});

describe("a level", () => {
  it.each([
    ["0", 0],
    ["9", 9],
    ["63", 63],
  ])("%s is read", (text, level) => {
    expect(parseTileLevel(text)).toBe(level);
  });

  it.each(["", "00", "64", "-1", "1.0", "data", "100"])("%j is none", (text) => {
    expect(parseTileLevel(text)).toBeUndefined();
  });
});
