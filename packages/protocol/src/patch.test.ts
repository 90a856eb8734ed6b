import { expect, test } from "vitest";
import { isEmptyPatch } from "./patch.js";

test.each([[null], [""], [{}], [[]]])("%j is empty", (patch) => {
  expect(isEmptyPatch(patch)).toBe(true);
});

test.each([[0], [false], [" "], [{ a: null }], [[null]]])("%j is not", (patch) => {
  expect(isEmptyPatch(patch)).toBe(false);
});
