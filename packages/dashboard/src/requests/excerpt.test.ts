import { expect, it } from "vitest";
import { excerptPayload } from "./excerpt.js";

it("writes members in a line", () => {
  expect(excerptPayload({ sql: "SELECT\n  1", limit: 5, tags: ["a"] })).toBe(
    'sql: SELECT 1 · limit: 5 · tags: ["a"]',
  );
});

it("is bounded", () => {
  expect(excerptPayload("x".repeat(1_000), 20)).toHaveLength(20);
});
