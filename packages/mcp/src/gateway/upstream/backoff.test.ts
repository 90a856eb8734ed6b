import { expect, test } from "vitest";
import { createBackoff } from "./backoff.js";

test("the first end costs nothing, each further one twice as long, up to half a minute", () => {
  let now = 0;
  const backoff = createBackoff(() => now);
  expect(backoff.remainingMs()).toBe(0);
  const waits = Array.from({ length: 8 }, () => {
    backoff.fail();
    return backoff.remainingMs();
  });
  expect(waits).toEqual([0, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  now = 29_000;
  expect(backoff.remainingMs()).toBe(1_000);
  now = 31_000;
  expect(backoff.remainingMs()).toBe(0);
  backoff.reset();
  backoff.fail();
  expect(backoff.remainingMs()).toBe(0);
});
