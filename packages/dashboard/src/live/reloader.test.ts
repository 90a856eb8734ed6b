import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createReloader } from "./reloader.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A reload that ends when told to. */
function slowReload() {
  const ends: (() => void)[] = [];
  const reload = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        ends.push(resolve);
      }),
  );
  const end = async () => {
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { reload, end };
}

it("reloads once for a burst", async () => {
  const reload = vi.fn(async () => {});
  const reloader = createReloader(reload);
  for (let event = 0; event < 10; event += 1) reloader.tell();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reload).toHaveBeenCalledOnce();
  reloader.tell();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reload).toHaveBeenCalledTimes(2);
});

it("lets a slow reload end while events keep coming, and reloads once more after it", async () => {
  const { reload, end } = slowReload();
  const reloader = createReloader(reload);
  for (let event = 0; event < 50; event += 1) {
    reloader.tell();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(reload).toHaveBeenCalledOnce();
  await end();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reload).toHaveBeenCalledTimes(2);
  await end();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reload).toHaveBeenCalledTimes(2);
});

it("goes on after a reload that fails", async () => {
  const reload = vi.fn().mockRejectedValueOnce(new Error("away")).mockResolvedValue(undefined);
  const reloader = createReloader(reload);
  for (let times = 0; times < 2; times += 1) {
    reloader.tell();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(reload).toHaveBeenCalledTimes(2);
});

it("does nothing more once stopped, also in the middle of a reload", async () => {
  const { reload, end } = slowReload();
  const early = createReloader(reload);
  early.tell();
  early.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reload).not.toHaveBeenCalled();
  const late = createReloader(reload);
  late.tell();
  await vi.advanceTimersByTimeAsync(1_000);
  late.tell();
  late.stop();
  await end();
  late.tell();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reload).toHaveBeenCalledOnce();
});
