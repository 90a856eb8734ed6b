import { describe, expect, it } from "vitest";
import { describeLimits, formSchemaOf } from "./schema.js";

describe("formSchemaOf", () => {
  it("removes defaults wherever they would fill something in, but not a member of that name", () => {
    const drawn = formSchemaOf({
      type: "object",
      properties: { default: { type: "string", default: "x" }, list: { items: { default: 1 } } },
      additionalProperties: false,
    });
    expect(drawn).toEqual({
      type: "object",
      properties: { default: { type: "string" }, list: { items: { $comment: "any value" } } },
      additionalProperties: false,
    });
  });

  it("draws members the schema does not name, unless it forbids them", () => {
    const open = formSchemaOf({ type: "object", properties: { a: {} } });
    expect(open.additionalProperties).toEqual({});
    const closed = formSchemaOf({ properties: { a: {} }, additionalProperties: false });
    expect(closed.additionalProperties).toBe(false);
  });

  it("makes `X | null` one nullable field", () => {
    const drawn = formSchemaOf({
      title: "Note",
      anyOf: [{ type: "string", maxLength: 5 }, { type: "null" }],
    });
    expect(drawn).toEqual({ title: "Note", type: ["string", "null"], maxLength: 5 });
  });

  it("lets an enum be null", () => {
    const drawn = formSchemaOf({ anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] });
    expect(drawn).toEqual({ type: ["string", "null"], enum: ["a", null] });
  });

  it("names the branches of a union by what tells them apart", () => {
    const vm = {
      type: "object",
      properties: { kind: { const: "vm" } },
      additionalProperties: false,
    };
    const drawn = formSchemaOf({ oneOf: [vm, { type: "string" }, { title: "Own", type: "null" }] });
    expect(drawn.oneOf).toEqual([
      { ...vm, title: "vm" },
      { type: "string", title: "string" },
      { title: "Own", type: "null" },
    ]);
  });

  it("gives a tuple a field per place", () => {
    const drawn = formSchemaOf({ type: "array", prefixItems: [{ type: "string" }] });
    expect(drawn).toEqual({ type: "array", items: [{ type: "string" }], additionalItems: false });
  });

  it("leaves the original alone", () => {
    const schema = Object.freeze({ type: "string", default: "x" });
    formSchemaOf(schema);
    expect(schema).toEqual({ type: "string", default: "x" });
  });
});

describe("describeLimits", () => {
  it("says bounds in words", () => {
    expect(describeLimits({ minimum: 1, maximum: 10, multipleOf: 5 })).toBe(
      "1 to 10, in steps of 5",
    );
    expect(describeLimits({ maxLength: 40 })).toBe("at most 40 characters");
  });

  it("shows a pattern only where no description says it in words", () => {
    const pattern = "^[A-Z]{2}$";
    expect(describeLimits({ pattern })).toBe("pattern ^[A-Z]{2}$");
    expect(describeLimits({ pattern, description: "Two letters." })).toBe("");
  });

  it("keeps quiet about the bounds every safe integer has", () => {
    const safe = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
    expect(describeLimits(safe)).toBe("");
  });
});
