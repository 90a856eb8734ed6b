import { expect, it } from "vitest";
import { formatAge, formatDuration, urgencyOf } from "./duration.js";

it.each([
  [0, "0s"],
  [-5_000, "0s"],
  [999, "0s"],
  [59_999, "59s"],
  [60_000, "1m 00s"],
  [249_000, "4m 09s"],
  [8_040_000, "2h 14m"],
  [90_000_000, "1d 01h"],
])("%i ms are left as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it.each([
  [-1, "now"],
  [9_999, "now"],
  [10_000, "10s"],
  [3_599_999, "59m"],
  [172_800_000, "2d"],
])("%i ms ago is %s", (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

it("stands out in the last five minutes", () => {
  expect([300_000, 299_999, 0].map(urgencyOf)).toEqual(["later", "soon", "over"]);
});
