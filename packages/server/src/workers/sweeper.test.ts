import { Writable } from "node:stream";
import pino from "pino";
import { expect, it } from "vitest";
import { ManualClock } from "../routes/testing/clock.js";
import { createSweeper } from "./sweeper.js";

/** A sweeper over times of which those that have come are swept away. */
function sweeperOver(times: number[]) {
  const clock = new ManualClock();
  const log = pino(new Writable({ write: (_chunk, _encoding, done) => done() }));
  let failures = 0;
  const sweeper = createSweeper({
    name: "test",
    clock,
    log,
    async sweepDue(now, limit) {
      if (failures > 0) {
        failures -= 1;
        throw new Error("The database is away.");
      }
      const due = times.filter((at) => at <= now).slice(0, limit);
      for (const at of due) times.splice(times.indexOf(at), 1);
      return due.length;
    },
    nextDue: async () => (times.length === 0 ? undefined : Math.min(...times)),
  });
  return {
    clock,
    sweeper,
    failNext: () => {
      failures += 1;
    },
  };
}

const settled = () => new Promise(setImmediate);

it("keeps one timer, whatever comes and goes", async () => {
  const times: number[] = [];
  const { clock, sweeper } = sweeperOver(times);
  await sweeper.start();
  expect(clock.pendingTimers).toBe(0);
  for (const afterMs of [9_000, 5_000, 7_000, 1_000]) {
    times.push(clock.now() + afterMs);
    sweeper.watch(clock.now() + afterMs);
    expect(clock.pendingTimers).toBe(1);
  }
  clock.advance(5_000);
  await settled();
  expect(times).toHaveLength(2);
  expect(clock.pendingTimers).toBe(1);
  await sweeper.stop();
  expect(clock.pendingTimers).toBe(0);
});

it("tries again after a failure, and says meanwhile that something may be due", async () => {
  const times: number[] = [];
  const { clock, sweeper, failNext } = sweeperOver(times);
  await sweeper.start();
  times.push(clock.now() + 1_000);
  sweeper.watch(clock.now() + 1_000);
  failNext();
  clock.advance(1_000);
  expect(sweeper.isDue).toBe(true);
  await settled();
  expect(times).toHaveLength(1);
  clock.advance(1_000);
  await settled();
  expect(times).toEqual([]);
  expect(sweeper.isDue).toBe(false);
});

it("tries again by itself also where somebody else asked, and was told of the failure", async () => {
  const times: number[] = [];
  const { clock, sweeper, failNext } = sweeperOver(times);
  await sweeper.start();
  times.push(clock.now());
  failNext();
  await expect(sweeper.sweep()).rejects.toThrow("away");
  clock.advance(1_000);
  await settled();
  expect(times).toEqual([]);
});

it("does not forget what is told while it looks", async () => {
  const times: number[] = [];
  const { clock, sweeper } = sweeperOver(times);
  const looking = sweeper.start();
  sweeper.watch(clock.now() + 1_000);
  times.push(clock.now() + 1_000);
  await looking;
  clock.advance(1_000);
  await settled();
  expect(times).toEqual([]);
});
