import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod3";
import { ValidationError } from "../errors/validation.js";
import { checkValue, compileSchema } from "./load.js";

const GOOD = { amount: 5, currency: "EUR", note: { text: "hi" }, tags: ["a"] };
const BAD = [
  ["/amount", { ...GOOD, amount: 5_000 }],
  ["/amount", { ...GOOD, amount: "5" }],
  ["/currency", { ...GOOD, currency: "ABC" }],
  ["/note/text", { ...GOOD, note: { text: 1 } }],
  ["/tags/0", { ...GOOD, tags: [1] }],
] as const;

const schemas = {
  "zod 4": z.object({
    amount: z.number().max(100),
    currency: z.enum(["EUR", "USD"]),
    note: z.object({ text: z.string() }).optional(),
    tags: z.array(z.string()),
  }),
  "zod 3": z3.object({
    amount: z3.number().max(100),
    currency: z3.enum(["EUR", "USD"]),
    note: z3.object({ text: z3.string() }).optional(),
    tags: z3.array(z3.string()),
  }),
  valibot: toStandardJsonSchema(
    v.object({
      amount: v.pipe(v.number(), v.maxValue(100)),
      currency: v.picklist(["EUR", "USD"]),
      note: v.optional(v.object({ text: v.string() })),
      tags: v.array(v.string()),
    }),
  ),
  arktype: type({
    amount: "number <= 100",
    currency: "'EUR' | 'USD'",
    "note?": { text: "string" },
    tags: "string[]",
  }),
  "JSON Schema": {
    type: "object",
    properties: {
      amount: { type: "number", maximum: 100 },
      currency: { enum: ["EUR", "USD"] },
      note: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
      tags: { type: "array", items: { type: "string" } },
    },
    required: ["amount", "currency", "tags"],
  },
};

describe.each(Object.entries(schemas))("[S-SCHEMAS] a schema of %s", (_name, schema) => {
  test("travels as JSON Schema with every field", async () => {
    const { json } = await compileSchema(schema);
    expect(json).toMatchObject({ type: "object" });
    expect(Object.keys(json.properties as object).sort()).toEqual(Object.keys(GOOD).sort());
    expect([...(json.required as string[])].sort()).toEqual(["amount", "currency", "tags"]);
    expect(json).not.toHaveProperty("$schema");
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  test("lets pass what fits", async () => {
    expect(await checkValue(await compileSchema(schema), GOOD)).toEqual([]);
  });

  test.each(BAD)("finds the fault at %s", async (path, value) => {
    const issues = await checkValue(await compileSchema(schema), value);
    expect(issues.map((issue) => issue.path)).toContain(path);
  });
});

describe("what JSON Schema cannot say is checked by the library", () => {
  test.each([
    ["zod 4", z.object({ a: z.number(), b: z.number() }).refine(({ a, b }) => a < b)],
    ["zod 3", z3.object({ a: z3.number(), b: z3.number() }).refine(({ a, b }) => a < b)],
  ])("%s", async (_name, schema) => {
    const compiled = await compileSchema(schema);
    expect(await checkValue(compiled, { a: 1, b: 2 })).toEqual([]);
    expect(await checkValue(compiled, { a: 2, b: 1 })).toHaveLength(1);
  });

  test("asynchronously too, and without touching the value", async () => {
    const schema = z
      .object({ a: z.string().transform((text) => text.length) })
      .refine(async () => true);
    const value = Object.freeze({ a: "x" });
    expect(await checkValue(await compileSchema(schema), value)).toEqual([]);
  });
});

describe("[S-SCHEMAS] no message repeats a value", () => {
  const secret = "hunter2";
  test.each([
    ["zod 4", z.object({ a: z.literal("x") })],
    ["zod 3", z3.object({ a: z3.enum(["x"]) })],
    ["valibot", toStandardJsonSchema(v.object({ a: v.literal("x") }))],
    [
      "a valibot rule beyond JSON Schema",
      toStandardJsonSchema(
        v.pipe(
          v.object({ a: v.string() }),
          v.check(() => false),
        ),
      ),
    ],
    ["arktype", type({ a: "'x'" })],
    ["JSON Schema", { properties: { a: { const: "x" } } }],
    ["a pattern", { properties: { a: { pattern: "^x$" } } }],
  ])("%s", async (_name, schema) => {
    const compiled = await compileSchema(schema).catch(() => undefined);
    const issues = compiled && (await checkValue(compiled, { a: secret }));
    expect(issues?.length ?? 1).toBeGreaterThan(0);
    expect(JSON.stringify(issues ?? [])).not.toContain(secret);
  });

  test("a number beyond its bound is not repeated either", async () => {
    const issues = await checkValue(await compileSchema({ maximum: 7 }), 424_242);
    expect(issues).toEqual([{ path: "", message: "Expected maximum 7." }]);
  });
});

test("issues name the innermost fault", async () => {
  const schema = {
    type: "object",
    properties: { a: { $ref: "#/$defs/a" }, b: { anyOf: [{ type: "string" }, { type: "null" }] } },
    $defs: { a: { type: "array", items: { type: "string", minLength: 2 } } },
    required: ["c"],
    additionalProperties: false,
  };
  const issues = await checkValue(await compileSchema(schema), { a: ["x"], b: 1, d: 1 });
  expect(issues).toMatchInlineSnapshot(`
    [
      {
        "message": "Expected required ["c"].",
        "path": "",
      },
      {
        "message": "Expected minLength.",
        "path": "/a/0",
      },
      {
        "message": "Expected anyOf [{"type":"string"},{"type":"null"}].",
        "path": "/b",
      },
      {
        "message": "Expected type "string".",
        "path": "/b",
      },
      {
        "message": "Expected type "null".",
        "path": "/b",
      },
      {
        "message": "Expected nothing here.",
        "path": "/d",
      },
    ]
  `);
});

describe("never an empty form: refused before anything is sent", () => {
  const recursive: Record<string, unknown> = { type: "object" };
  recursive.self = recursive;
  test.each<[string, unknown]>([
    ["zod 4 any", z.any()],
    ["zod 4 unknown", z.unknown()],
    ["zod 4 date", z.object({ when: z.date() })],
    ["zod 4 bigint", z.object({ amount: z.bigint() })],
    ["zod 4 map", z.map(z.string(), z.string())],
    ["zod 4 custom", z.object({ x: z.custom<string>() })],
    ["zod 3 any", z3.any()],
    ["zod 3 date", z3.object({ when: z3.date() })],
    ["zod 3 bigint", z3.object({ amount: z3.bigint() })],
    ["zod 3 map", z3.object({ a: z3.map(z3.string(), z3.string()) })],
    ["zod 3 function, which its converter drops", z3.object({ run: z3.function() })],
    ["zod 3 custom", z3.custom<string>()],
    ["bare valibot, which has no JSON Schema", v.object({ a: v.string() })],
    ["an empty JSON Schema", {}],
    ["only annotations", { title: "Refund", description: "d", $schema: "x" }],
    ["a list of fields that is no JSON Schema", { amount: "number" }],
    [
      "a Standard Schema without JSON Schema",
      { "~standard": { version: 1, vendor: "own", validate: () => ({ value: 1 }) } },
    ],
    [
      "a converter that throws",
      {
        "~standard": {
          version: 1,
          vendor: "own",
          validate: () => ({ value: 1 }),
          jsonSchema: {
            input: () => {
              throw new Error("no");
            },
          },
        },
      },
    ],
    [
      "a converter that gives nothing",
      {
        "~standard": {
          version: 1,
          vendor: "own",
          validate: () => ({ value: 1 }),
          jsonSchema: { input: () => ({}) },
        },
      },
    ],
    ["a function that parses", Object.assign(() => {}, { parse: () => {} })],
    ["null", null],
    ["a text", "object"],
    ["a list", [{ type: "string" }]],
    ["a cycle", recursive],
  ])("%s", async (_name, schema) => {
    const error = await compileSchema(schema).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: "SCHEMA_UNSUPPORTED" });
  });

  test.each<[string, object]>([
    ["a $ref that leads nowhere", { $ref: "#/$defs/missing" }],
    ["a $ref to elsewhere", { $ref: "https://example.com/schema.json" }],
    ["a broken pattern", { type: "string", pattern: "(" }],
  ])("%s shows when it is used", async (_name, schema) => {
    const error = await compileSchema(schema)
      .then((compiled) => checkValue(compiled, "x"))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "SCHEMA_UNSUPPORTED" });
  });
});

describe("older drafts are raised to 2020-12", () => {
  test("tuples of zod 3", async () => {
    const compiled = await compileSchema(z3.object({ pair: z3.tuple([z3.string(), z3.number()]) }));
    expect(compiled.json).toMatchObject({
      properties: { pair: { prefixItems: [{ type: "string" }, { type: "number" }] } },
    });
    expect(await checkValue(compiled, { pair: ["a", 1] })).toEqual([]);
    expect(await checkValue(compiled, { pair: [1, "a"] })).not.toEqual([]);
  });

  test("everywhere a schema can stand, and nowhere else", async () => {
    const tuple = { items: [{ type: "string" }], additionalItems: false };
    const raised = { prefixItems: [{ type: "string" }], items: false };
    const { json } = await compileSchema({
      $schema: "http://json-schema.org/draft-07/schema#",
      properties: { items: tuple, plain: { const: tuple } },
      definitions: { a: tuple },
      allOf: [{ not: tuple }],
      items: tuple,
      default: tuple,
    });
    expect(json).toEqual({
      properties: { items: raised, plain: { const: tuple } },
      definitions: { a: raised },
      allOf: [{ not: raised }],
      items: raised,
      default: tuple,
    });
  });
});
