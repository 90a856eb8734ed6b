import { expect, it } from "vitest";
import { isFault, parseDocumentText } from "./read.js";

const yaml = `id: x # the id
egress:
  domains:
    - a.example
    - b.example
body: { "a/b": [1, 2] }
`;

it.each([
  ["", 1, 1],
  ["/id", 1, 1],
  ["/egress/domains/1", 5, 7],
  ["/body/a~1b/1", 6, 20],
  ["/egress/methods/0", 2, 1],
  ["/none", 1, 1],
])("knows where %j stands, or what is around it", (pointer, line, column) => {
  const read = parseDocumentText("x.yaml", yaml);
  expect(isFault(read) ? read : read.placeOf(pointer)).toEqual({ line, column });
});

it("reads JSON as it reads YAML", () => {
  const read = parseDocumentText("x.json", '{\n\t"id": "x",\n\t"list": [1]\n}');
  expect(isFault(read) ? read : read.value).toEqual({ id: "x", list: [1] });
  expect(isFault(read) ? read : read.placeOf("/list")).toEqual({ line: 3, column: 2 });
});

it.each([
  ["a: 1\nb: [1", 2],
  ["a: 1\na: 2", 2],
  ["a: 1\n---\nb: 2", 2],
])("says where %j is wrong", (text, line) => {
  expect(parseDocumentText("x.yaml", text)).toMatchObject({
    path: "x.yaml",
    line,
    message: expect.not.stringContaining("\n"),
  });
});

it("does not unfold aliases without end", () => {
  const lists = "abcdefghi".split("").map((name, index, names) => {
    const before = names[index - 1];
    return `${name}: &${name} [${before ? Array(9).fill(`*${before}`).join(",") : 1}]`;
  });
  expect(isFault(parseDocumentText("x.yaml", lists.join("\n")))).toBe(true);
});
