import { describe, expect, it } from "vitest";
import { createSchemaCheck } from "./validate.js";

const check = createSchemaCheck({
  type: "object",
  properties: {
    amount: { type: "integer", minimum: 1 },
    to: { type: "object", properties: { "a/b": { type: "string" } }, required: ["a/b"] },
    email: { type: "string", format: "email" },
  },
  required: ["amount"],
  additionalProperties: false,
});

describe("createSchemaCheck", () => {
  it("accepts what fits", () => {
    expect(check({ amount: 5, email: "a@b.de" })).toEqual([]);
  });

  it("says where, at the innermost place and once", () => {
    const issues = check({ amount: 0 });
    expect(issues.map(({ path }) => path)).toEqual(["/amount"]);
  });

  it("names the type it wants", () => {
    expect(check({ amount: "5" })).toEqual([{ path: "/amount", message: "Expected integer." }]);
  });

  it("names a missing member by its own path", () => {
    expect(check({ amount: 1, to: {} })).toEqual([
      { path: "/to/a~1b", message: "This is required." },
    ]);
  });

  it("refuses unnamed members and broken formats", () => {
    expect(check({ amount: 1, more: 1 })).not.toEqual([]);
    expect(check({ amount: 1, email: "nobody" }).map(({ path }) => path)).toEqual(["/email"]);
  });

  it("follows references inside the schema", () => {
    const tree = createSchemaCheck({
      $ref: "#/$defs/node",
      $defs: {
        node: {
          type: "object",
          properties: { next: { $ref: "#/$defs/node" }, n: { type: "number" } },
        },
      },
    });
    expect(tree({ next: { n: "x" } }).map(({ path }) => path)).toEqual(["/next/n"]);
  });
});
