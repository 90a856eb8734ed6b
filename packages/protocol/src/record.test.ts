import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "./limits.js";
import { endOfPrefix, isRecordKey, isRecordKeyPrefix } from "./record.js";

describe("isRecordKey", () => {
  test.each([
    ["thread-7/checkpoint/0042"],
    [" with spaces "],
    ["."],
    [".."],
    ["a?b#c%2f&d=e"],
    ["Zoë 😀 שלום"],
    ["नि‍"],
    ["x".repeat(LIMITS.recordKeyBytes)],
    ["😀".repeat(LIMITS.recordKeyBytes / 4)],
  ])("takes %s", (key) => {
    expect(isRecordKey(key)).toBe(true);
  });

  test.each([
    ["nothing", ""],
    ["a byte too many", "x".repeat(LIMITS.recordKeyBytes + 1)],
    ["bytes too many in few characters", "😀".repeat(LIMITS.recordKeyBytes / 4 + 1)],
    ["a line break", "a\nb"],
    ["U+0000", "a\0b"],
    ["a direction", "a\u202eb"],
    ["a zero-width space", "a\u200bb"],
    ["half a pair", "a\ud83d"],
    ["a noncharacter", "a\uffff"],
    ["the last code point", "a\u{10ffff}"],
    ["a number", 7],
    ["an object", {}],
  ])("refuses %s", (_name, key) => {
    expect(isRecordKey(key)).toBe(false);
  });
});

test("endOfPrefix lies beyond every key of the prefix, and before every other that follows", () => {
  const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter(isRecordKey);
  const prefix = fc.string({ unit: "grapheme", maxLength: 5 }).filter(isRecordKeyPrefix);
  const bytes = (text: string) => Buffer.from(text);
  fc.assert(
    fc.property(prefix, key, fc.boolean(), (start, text, isUnder) => {
      const candidate = isUnder ? start + text : text;
      const isWithin =
        bytes(candidate).compare(bytes(start)) >= 0 &&
        bytes(candidate).compare(bytes(endOfPrefix(start))) < 0;
      expect(isWithin).toBe(candidate.startsWith(start));
    }),
  );
});
