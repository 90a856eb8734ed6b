import { describe, expect, it } from "vitest";
import { neighbourOf, placeRows } from "./placement.js";

describe("placeRows", () => {
  it("takes the fresh order when nothing is pointed at", () => {
    expect(placeRows(["a", "b"], ["new", "a", "b"], [undefined, undefined])).toEqual([
      "new",
      "a",
      "b",
    ]);
  });

  it("puts what belongs above the focused row right below it", () => {
    expect(placeRows(["a", "b", "c"], ["new", "a", "b", "c"], ["b"])).toEqual([
      "a",
      "b",
      "new",
      "c",
    ]);
  });

  it("keeps a row that is gone while it stands above the anchor", () => {
    expect(placeRows(["a", "b", "c"], ["b", "c"], ["b"])).toEqual(["a", "b", "c"]);
  });

  it("drops a row that is gone below the anchor", () => {
    expect(placeRows(["a", "b", "c"], ["a", "b"], ["a"])).toEqual(["a", "b"]);
  });

  it("anchors at the lower of pointer and focus", () => {
    expect(placeRows(["a", "b", "c"], ["new", "a", "b", "c"], ["a", "c"])).toEqual([
      "a",
      "b",
      "c",
      "new",
    ]);
  });

  it("ignores an anchor that is not shown", () => {
    expect(placeRows(["a"], ["b", "a"], ["elsewhere"])).toEqual(["b", "a"]);
  });
});

describe("neighbourOf", () => {
  it("goes to the next row that stays", () => {
    expect(neighbourOf(["a", "b", "c", "d"], "b", new Set(["b", "c"]))).toBe("d");
  });

  it("goes back when nothing stays below", () => {
    expect(neighbourOf(["a", "b", "c"], "b", new Set(["b", "c"]))).toBe("a");
  });

  it("has nowhere to go when all are gone", () => {
    expect(neighbourOf(["a"], "a", new Set(["a"]))).toBeUndefined();
  });
});
