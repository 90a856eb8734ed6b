import type { RecordEntry } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { type Entry, planCalls } from "./calls.js";

/** What a call of {@link Records.put} may be, once encryption has made four characters of three. */
const CALL_BYTES = 1_048_576;
const RECORD_BYTES = 524_288;

function plan(sizes: readonly number[], character = "x"): readonly (readonly RecordEntry[])[] {
  const entries = sizes.map(
    (size, index): Entry => ({ key: `key-${index}`, content: character.repeat(size) }),
  );
  let drawn = 0;
  return planCalls(entries, () => {
    drawn += 1;
    return `parts-${drawn}/`;
  });
}

const SIZES: readonly [string, readonly number[]][] = [
  ["one small entry", [10]],
  ["a hundred small ones", Array(100).fill(3_900)],
  ["more than fit by number", Array(250).fill(10)],
  ["more than fit by size", Array(100).fill(12_000)],
  ["just too many", Array(100).fill(7_600)],
  ["a large one among small ones", [10, 700_000, 10]],
  ["several large ones", [400_000, 400_000, 900_000]],
];

test.each(SIZES)("%s: no call and no record is too large", (_name, sizes) => {
  // A quote takes most room: as text of text it is `\\\"`.
  for (const character of ["x", '"', "é"]) {
    for (const call of plan(sizes, character)) {
      expect(call.length).toBeLessThanOrEqual(100);
      const sealed = call.map(({ key, value }) => {
        const text = JSON.stringify(value);
        expect(text.length).toBeLessThanOrEqual(RECORD_BYTES);
        expect(Buffer.byteLength(text)).toBe(text.length);
        return key.length + Math.ceil((text.length * 4) / 3) + 400;
      });
      expect(sealed.reduce((sum, size) => sum + size, 0)).toBeLessThan(CALL_BYTES);
    }
  }
});

test.each(SIZES)(
  "%s: parts come before the entries, which are together up to a hundred",
  (_name, sizes) => {
    const calls = plan(sizes).map((call) => call.map(({ key }) => key));
    const keys = calls.flat();
    const heads = keys.filter((key) => key.startsWith("key-"));
    expect(heads).toEqual(sizes.map((_size, index) => `key-${index}`));
    expect(keys.slice(keys.length - heads.length)).toEqual(heads);
    expect(new Set(keys).size).toBe(keys.length);
    if (sizes.length <= 100) expect(calls.at(-1)).toEqual(expect.arrayContaining(heads));
  },
);

test.each([
  ["small entries", [10, 10]],
  ["one of nearly half a megabyte", [480_000, 10]],
  ["parts that fit beside their entry", [600_000]],
])("%s: one call is enough", (_name, sizes) => {
  expect(plan(sizes)).toHaveLength(1);
});
