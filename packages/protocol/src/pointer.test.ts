import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPointer, parsePointer } from "./pointer.js";

test.each([
  ["", []],
  ["/", [""]],
  ["/foo/0", ["foo", "0"]],
  ["/a~1b/m~0n/~01", ["a/b", "m~n", "~1"]],
])("reads %j", (pointer, segments) => {
  expect(parsePointer(pointer)).toEqual(segments);
});

test("writes what RFC 6901 reads", () => {
  expect(formatPointer([])).toBe("");
  expect(formatPointer(["a/b", 0, "m~n"])).toBe("/a~1b/0/m~0n");
});

test("any keys come back as they were", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (keys) => {
      expect(parsePointer(formatPointer(keys))).toEqual(keys);
    }),
  );
});
