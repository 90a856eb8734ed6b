import type { JsonObject } from "@holdpoint/protocol";
import { describe, expect, it } from "vitest";
import { assertFitsSchema } from "./check.js";
import { compileSchema } from "./compile.js";

const place = { code: "PAYLOAD_INVALID", path: "/payload" } as const;

describe("compileSchema", () => {
  it("compiles a schema once, whatever the order of its keys", async () => {
    const first = await compileSchema({ type: "object", properties: { a: { type: "string" } } });
    const again = await compileSchema({ properties: { a: { type: "string" } }, type: "object" });
    expect(again).toBe(first);
  });

  it("keeps schemas of the same $id apart", async () => {
    await compileSchema({ $id: "urn:example:a", type: "string" });
    const validator = await compileSchema({ $id: "urn:example:a", type: "number" });
    expect(validator.findErrors(1)).toEqual([]);
    expect(validator.findErrors("x")).toMatchObject([{ keyword: "type" }]);
  });

  it.each([
    [{ $ref: "https://example.com/schema" }],
    [{ $ref: "#/nowhere" }],
    [{ type: "text" }],
    [{ pattern: "(" }],
  ])("refuses %j", async (schema) => {
    await expect(compileSchema(schema)).rejects.toMatchObject({ code: "SCHEMA_INVALID" });
  });

  it("takes what zod makes of an e-mail address, formats and unknown keywords", async () => {
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: {
        to: { type: "string", format: "email", pattern: "^(?!\\.)[A-Za-z.]+@[a-z.]+$" },
        at: { type: "string", format: "date-time" },
      },
      "x-hint": "wide",
    };
    const value = { to: "ada@example.com", at: "2026-11-22T09:30:00Z" };
    await expect(assertFitsSchema(value, schema, place)).resolves.toBeUndefined();
    await expect(assertFitsSchema({ at: "noon" }, schema, place)).rejects.toMatchObject({
      code: "PAYLOAD_INVALID",
      issues: [{ path: "/payload/at" }],
    });
  });
});

const backtracking = "^(a|a)*$";

describe("a check that takes too long", () => {
  it("ends, and the next one works", async () => {
    const slow = { type: "string", pattern: backtracking };
    await expect(assertFitsSchema(`${"a".repeat(60)}!`, slow, place)).rejects.toMatchObject({
      code: "SCHEMA_INVALID",
    });
    await expect(assertFitsSchema("aaa", slow, place)).resolves.toBeUndefined();
  });

  it.each([
    ["a pattern of names", { patternProperties: { [backtracking]: {} } }, { [aSlowText()]: 1 }],
    [
      "names that have a pattern",
      { propertyNames: { pattern: backtracking } },
      { [aSlowText()]: 1 },
    ],
    [
      "a pattern behind a reference",
      { $ref: "#/$defs/slow", $defs: { slow: { pattern: backtracking } } },
      aSlowText(),
    ],
    [
      "a pattern deep inside",
      { anyOf: [{ items: { not: { pattern: backtracking } } }] },
      [aSlowText()],
    ],
    ["items that must all differ", { uniqueItems: true }, manyArrays(30_000)],
    [
      "very many ways for very many values",
      { items: { enum: manyArrays(8_000) } },
      Array(60_000).fill([7_999]),
    ],
  ])("ends with %s", async (_name, schema: JsonObject, value) => {
    await expect(assertFitsSchema(value, schema, place)).rejects.toMatchObject({
      code: "SCHEMA_INVALID",
    });
  });
});

function aSlowText(): string {
  return `${"a".repeat(60)}!`;
}

function manyArrays(count: number): number[][] {
  return Array.from({ length: count }, (_, index) => [index]);
}
