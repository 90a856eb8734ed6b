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

describe("with buckets", () => {
  test.each<[JsonValue, string]>([
    [0, "number:0"],
    [-0, "number:0"],
    [1, "number:+e+0"],
    [9.99, "number:+e+0"],
    [-4200, "number:-e+3"],
    [999_999_999_999_999, "number:+e+14"],
    [1_000_000_000_000_000, "number:+e+15"],
    [0.05, "number:+e-2"],
    ["", "string:0"],
    ["x", "string:8"],
    ["x".repeat(8), "string:8"],
    ["x".repeat(9), "string:32"],
    ["x".repeat(100_000), "string:131072"],
    [true, "boolean:1"],
    [false, "boolean:0"],
    [null, "null"],
  ])("%j", (value, expected) => expect(skeletonOf(value, { buckets: true })).toBe(expected));

  test("tells classes apart at every depth, and nothing within one", () => {
    const of = (amount: number, note: string) =>
      skeletonOf({ lines: [{ amount }, { amount }], note }, { buckets: true });
    expect(of(120, "two weeks")).toEqual({ lines: [{ amount: "number:+e+2" }], note: "string:32" });
    expect(of(980, "ten months")).toEqual(of(120, "two weeks"));
    expect(of(1200, "two weeks")).not.toEqual(of(120, "two weeks"));
  });

  test("gives other hashes wherever there is a value, and the same where there is none", async () => {
    const empty = { a: {}, b: [], c: null };
    expect(await hashSkeleton(empty, { buckets: true })).toBe(await hashSkeleton(empty));
    const payload = { a: 1 };
    expect(await hashSkeleton(payload, { buckets: true })).not.toBe(await hashSkeleton(payload));
    expect(await hashSkeleton(payload, { buckets: false })).toBe(await hashSkeleton(payload));
    expect(await hashSkeleton({ a: "number:+e+0" })).not.toBe(
      await hashSkeleton(payload, { buckets: true }),
    );
  });

  test("never says more of a value than its class", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const leaves = JSON.stringify(
          skeletonOf(value as JsonValue, { buckets: true }),
          (_, leaf) => (typeof leaf === "string" && !LEAF.test(leaf) ? "told" : leaf),
        );
        expect(leaves).not.toContain('"told"');
      }),
    );
  });
});

const LEAF = /^(null|boolean:[01]|number:(0|[+-]e[+-]\d{1,3})|string:\d+)$/;

describe("hashSkeleton", () => {
  test("is pinned", async () => {
    expect(await hashSkeleton({ sql: "DROP TABLE orders", limit: 10 })).toMatchInlineSnapshot(
      `"9c4fbd73f337190f423bea3a882c6f95798486cfd060dc2ab6274b57581ca8dd"`,
    );
    expect(
      await hashSkeleton({ sql: "DROP TABLE orders", limit: 10 }, { buckets: true }),
    ).toMatchInlineSnapshot(`"7f460d6ee474af51634d7592d060debb719c98bd5bac95ad02b82b8ad82052cf"`);
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
