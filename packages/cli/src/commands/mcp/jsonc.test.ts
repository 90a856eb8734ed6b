import { expect, it } from "vitest";
import { cut, put } from "./jsonc.js";

const BETWEEN = `{
  "a": 1, // about a
  // above b
  "b": { "x": [] }, // about b
  "c": 3 // about c
}`;

it.each([
  ["a", "first"],
  ["b", "in the middle"],
  ["c", "last"],
])("cuts %s, %s, and leaves every comment", (key) => {
  const text = cut(BETWEEN, [key]);
  expect(text).not.toContain(`"${key}"`);
  for (const other of ["a", "b", "c"]) expect(text).toContain(`// about ${other}`);
  expect(text).toContain("// above b");
  const bare = text.replaceAll(/\/\/.*/g, "");
  expect(Object.keys(JSON.parse(bare))).toEqual(["a", "b", "c"].filter((other) => other !== key));
});

it.each([
  ['{"a":1}', "{}"],
  ['{"a":1,"b":2}', '{"b":2}'],
  ['{"b":2,"a":1}', '{"b":2}'],
  ['{\n  "b": 2,\n  "a": 1,\n}', '{\n  "b": 2,\n}'],
  ['{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n', '{\r\n  "b": 2\r\n}\r\n'],
  ['{"b":2}', '{"b":2}'],
])("cuts a out of %j", (text, expected) => {
  expect(cut(text, ["a"])).toBe(expected);
});

it("cuts an item out of a list", () => {
  expect(cut('{ "list": [1, 2, 3] }', ["list", 1])).toBe('{ "list": [1,  3] }');
  expect(cut('{ "list": [1, 2] }', ["list", 1])).toBe('{ "list": [1 ] }');
});

it.each([
  "",
  "{}",
  '{ "b": 1 }',
  '{\n\t"a": { "b": 1 } // x\n}\n',
  '{ "a": {\n  // nothing\n} }',
  '{ "a": { "b": 1, }, }',
])("puts a value into %j that cutting takes out again", (text) => {
  const there = put(text, ["a", "new"], { x: [1] });
  expect(there).toMatch(/"new": \{\s+"x": \[\s+1\s+\]\s+\}/);
  expect(cut(there, ["a", "new"])).not.toContain("new");
});
