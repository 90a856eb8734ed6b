import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.js";

test("doubles from 250 ms to 10 s, half of it by chance", () => {
  for (const [failures, ceilingMs] of [
    [1, 250],
    [2, 500],
    [3, 1_000],
    [6, 8_000],
    [7, 10_000],
    [900, 10_000],
  ] as const) {
    const delays = Array.from({ length: 200 }, () => backoffMs(failures));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(ceilingMs / 2);
    expect(Math.max(...delays)).toBeLessThanOrEqual(ceilingMs);
    expect(new Set(delays).size).toBeGreaterThan(1);
  }
});

test("is never earlier than Retry-After asks, up to five minutes", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(400_000), (failures, retryAfterMs) => {
      const delayMs = backoffMs(failures + 1, retryAfterMs);
      expect(delayMs).toBeGreaterThanOrEqual(Math.min(retryAfterMs, 300_000));
      expect(delayMs).toBeLessThanOrEqual(300_000);
    }),
  );
});
