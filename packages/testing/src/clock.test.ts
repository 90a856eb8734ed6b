import { expect, test } from "vitest";
import { TestClock } from "./clock.js";

test("a jump calls back in order, each timer at its own time, also those made on the way", async () => {
  const clock = new TestClock();
  const start = clock.now();
  const rung: [string, number][] = [];
  const ring = (name: string) => rung.push([name, Math.round((clock.now() - start) / 1_000)]);
  clock.setTimer(() => ring("second"), 20_000);
  clock.setTimer(() => {
    ring("first");
    clock.setTimer(() => ring("made by first"), 5_000);
  }, 10_000);
  clock.setTimer(() => ring("beyond"), 40_000);
  const takeBack = clock.setTimer(() => ring("taken back"), 15_000);
  takeBack();
  await clock.jump(30_000);
  expect(rung).toEqual([
    ["first", 10],
    ["made by first", 15],
    ["second", 20],
  ]);
  await clock.jump(10_000);
  expect(rung.at(-1)).toEqual(["beyond", 40]);
});

test("without a jump, a timer rings in real time", async () => {
  const clock = new TestClock();
  await clock.jump(1_000_000);
  await new Promise<void>((resolve) => clock.setTimer(resolve, 1));
});
