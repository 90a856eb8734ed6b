import { expect, it } from "vitest";
import { reconnectDelayMs } from "./backoff.js";

it("doubles up to fifteen seconds", () => {
  const longest = [1, 2, 3, 4, 5, 20].map((failures) => reconnectDelayMs(failures, 0.999_999));
  expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});

it("spreads the returns over half of it", () => {
  expect(reconnectDelayMs(3, 0)).toBe(2_000);
});
