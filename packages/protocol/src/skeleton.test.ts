import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "./json.js";
import { hashSkeleton, skeletonOf } from "./skeleton.js";

describe("skeletonOf", () => {
  test("keeps keys and types, and no value", () => {
    expect(
      skeletonOf({ sql: "DROP", limit: 1, flags: [true, null, "x", "y"], nested: {} }),
    ).toEqual({
      sql: "string",
      limit: "number",
      flags: ["boolean", "null", "string"],
      nested: {},
    });
  });

  test("ten alike items look like one, in whatever order their keys come", () => {
    expect(
      skeletonOf([
        { a: 1, b: "x" },
        { b: "y", a: 2 },
      ]),
    ).toEqual([{ a: "number", b: "string" }]);
  });

  test("keeps keys named like members of Object.prototype", () => {
    const skeleton = skeletonOf(JSON.parse('{"__proto__":1,"toString":"x"}') as JsonValue);
    expect(JSON.stringify(skeleton)).toBe('{"__proto__":"number","toString":"string"}');
  });
});

describe("hashSkeleton", () => {
  test("is pinned", async () => {
    expect(await hashSkeleton({ sql: "DROP TABLE orders", limit: 10 })).toMatchInlineSnapshot(
      `"9c4fbd73f337190f423bea3a882c6f95798486cfd060dc2ab6274b57581ca8dd"`,
    );
  });

  test("other values give the same hash, other keys or types another", async () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), leaf, { minKeys: 1 }), async (payload) => {
        const [first] = Object.keys(payload) as [string];
        const hash = await hashSkeleton(payload);
        const reordered = Object.fromEntries(Object.entries(payload).reverse());
        expect(await hashSkeleton(mapLeaves(payload, anotherOfItsType))).toBe(hash);
        expect(await hashSkeleton(reordered)).toBe(hash);
        expect(
          await hashSkeleton({ ...payload, [`${first}+${Object.keys(payload)}`]: 1 }),
        ).not.toBe(hash);
        expect(await hashSkeleton({ ...payload, [first]: null })).not.toBe(hash);
        expect(await hashSkeleton([payload])).not.toBe(hash);
      }),
    );
  });

  test("a leaf cannot pass for a structure", async () => {
    expect(await hashSkeleton(["string"])).toBe(await hashSkeleton(["number"]));
    expect(await hashSkeleton(["x"])).not.toBe(await hashSkeleton("x"));
    expect(await hashSkeleton({ a: "number" })).not.toBe(await hashSkeleton({ a: 1 }));
    expect(await hashSkeleton([])).not.toBe(await hashSkeleton({}));
    expect(await hashSkeleton("null")).not.toBe(await hashSkeleton(null));
  });
});

type Leaf = string | number | boolean;

function mapLeaves(payload: Record<string, Leaf>, change: (leaf: Leaf) => Leaf) {
  return Object.fromEntries(Object.entries(payload).map(([key, leaf]) => [key, change(leaf)]));
}

function anotherOfItsType(leaf: Leaf): Leaf {
  if (typeof leaf === "string") return `${leaf}!`;
  return typeof leaf === "number" ? leaf + 1 : !leaf;
}
