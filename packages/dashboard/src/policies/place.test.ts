import { expect, it } from "vitest";
import { placeOf } from "./place.js";

const text = "permit(principal);\n\nforbid(x);";

it.each([
  ["a word", { line: 1, column: 8 }, "principal"],
  ["a sign", { line: 1, column: 7 }, "("],
  ["the end of a line", { line: 3, column: 11 }, ";"],
  ["beyond the line", { line: 1, column: 99 }, ";"],
  ["an empty line", { line: 2, column: 1 }, ""],
  ["beyond the text", { line: 9, column: 1 }, "forbid"],
  ["nowhere", {}, "permit"],
])("marks %s", (_, place, marked) => {
  const { from, to } = placeOf(text, { severity: "error", message: "", ...place });
  expect(text.slice(from, to)).toBe(marked);
});
