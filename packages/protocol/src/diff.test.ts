import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Change, diffPayload } from "./diff.js";
import { canonicalJson, type JsonValue } from "./json.js";

const inheritedKeys = ["toString", "__proto__", "constructor", "hasOwnProperty", "valueOf"];
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
/** Keys that meet each other, and those that hide in prototypes or need escaping in a pointer. */
const awkwardJson = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(null, true, 0, -0, 1, "", "x", "~", "/"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc
      .array(
        fc.tuple(
          fc.constantFrom("a", "b", "", "~", "/", "~1", "0", ...inheritedKeys),
          tie("value"),
        ),
        { maxLength: 4 },
      )
      .map((entries): JsonValue => Object.fromEntries(entries)),
  ),
})).value;

describe("diffPayload", () => {
  test("the changes, applied to what was, give what is", () => {
    fc.assert(
      fc.property(fc.oneof(json, awkwardJson), fc.oneof(json, awkwardJson), (from, to) => {
        const { changes } = diffPayload(from, to);
        expect(canonicalJson(apply(from, changes))).toBe(canonicalJson(to));
      }),
      { numRuns: 1_000 },
    );
  });

  test("nothing changed exactly when the canonical texts are equal", () => {
    fc.assert(
      fc.property(awkwardJson, awkwardJson, (from, to) => {
        const same = canonicalJson(from) === canonicalJson(to);
        expect(diffPayload(from, to).changes.length === 0).toBe(same);
        expect(diffPayload(from, structuredClone(from)).changes).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(inheritedKeys)("does not overlook a key named %s", (key) => {
    const other = JSON.parse(`{"${key}":{"run":"rm"}}`) as JsonValue;
    expect(diffPayload({}, other).changes).toEqual([{ path: `/${key}`, to: { run: "rm" } }]);
    expect(diffPayload(other, {}).changes).toEqual([{ path: `/${key}`, from: { run: "rm" } }]);
  });

  test("an array is not an object with the same members", () => {
    expect(diffPayload({ list: [] }, { list: {} }).changes).toEqual([
      { path: "/list", from: [], to: {} },
    ]);
  });

  test("undefined counts as absent", () => {
    const loose = { a: undefined, b: 1 } as unknown as JsonValue;
    expect(diffPayload(loose, { b: 1 }).changes).toEqual([]);
    expect(diffPayload({ a: 2, b: 1 }, loose).changes).toEqual([{ path: "/a", from: 2 }]);
  });

  test("the summary says what changed in one line", () => {
    const from = { amount: 500, force: true, "a/b": 1 };
    const to = { amount: 50, note: "half", "a/b": 2 };
    expect(diffPayload(from, to).summary).toBe(
      'Changed /amount from 500 to 50; removed /force; changed /a~1b from 1 to 2; added /note = "half".',
    );
    expect(diffPayload(1, 1).summary).toBe("No changes.");
    expect(diffPayload(1, "1").summary).toBe('Changed the payload from 1 to "1".');
  });

  test("the summary stays short, however much changed", () => {
    const from = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, 1]));
    const { summary } = diffPayload(from, { ["k".repeat(10_000)]: "v".repeat(10_000) });
    expect(summary).toMatch(/; 46 more\.$/);
    expect(
      diffPayload({}, { ["k".repeat(10_000)]: "v".repeat(10_000) }).summary.length,
    ).toBeLessThan(300);
  });

  test("keys and values cannot break or turn the summary's line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (key, value) => {
        const { summary } = diffPayload({}, { [`\n\u202e${key}`]: `\u2028${value}` });
        expect(summary).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

/** Plays changes back. Removals go last and from behind, since they move an array's later items. */
function apply(value: JsonValue, changes: readonly Change[]): JsonValue {
  const root = { "": structuredClone(value) } as Record<string, JsonValue>;
  const removals = changes.filter((change) => !("to" in change)).reverse();
  for (const { path, to } of changes.filter((change) => "to" in change)) {
    const { parent, key } = locate(root, path);
    Object.defineProperty(parent, key, {
      value: structuredClone(to),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  for (const { path } of removals) {
    const { parent, key } = locate(root, path);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else Reflect.deleteProperty(parent, key);
  }
  return root[""] as JsonValue;
}

function locate(root: object, path: string): { parent: object; key: string } {
  const keys = path
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  const key = keys.pop() as string;
  const parent = keys.reduce<object>(
    (place, segment) => Object.getOwnPropertyDescriptor(place, segment)?.value as object,
    root,
  );
  return { parent, key };
}
