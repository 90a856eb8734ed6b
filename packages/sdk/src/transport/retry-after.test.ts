import { expect, test } from "vitest";
import { parseRetryAfter } from "./retry-after.js";

const NOW = Date.parse("Sun, 22 Nov 2026 09:30:00 GMT");

test.each([
  ["0", 0],
  ["7", 7_000],
  [" 120 ", 120_000],
  ["Sun, 22 Nov 2026 09:30:05 GMT", 5_000],
  ["Sunday, 22-Nov-26 09:30:05 GMT", 5_000],
  ["Sun, 22 Nov 2026 09:29:00 GMT", 0],
  [null, undefined],
  ["", undefined],
  ["soon", undefined],
])("%j is %j ms", (header, expected) => {
  expect(parseRetryAfter(header, NOW)).toBe(expected);
});
