import { expect, it } from "vitest";
import { readNumber } from "./number.js";

it.each([
  ["50", 50],
  ["-0.5", -0.5],
  [" 12 ", 12],
  ["1e3", 1_000],
  ["", undefined],
])("reads %j as %j", (text, value) => {
  expect(readNumber(text)).toBe(value);
});

it.each(["12,50", "0x10", "12.", "1_000", "abc", "007", "Infinity"])(
  "leaves %j as text, for the schema to refuse",
  (text) => {
    expect(readNumber(text)).toBe(text);
  },
);

it.each(["9007199254740993", "12345678901234567890", "0.12345678901234567890"])(
  "never rounds %s",
  (text) => {
    expect(readNumber(text)).toBe(text);
  },
);
