import { expect } from "vitest";
import type { Child } from "../harness/child.js";
import type { Random } from "../harness/random.js";
import type { Tables } from "../harness/tables.js";
import { readFound } from "./found.js";
import { Ledger } from "./ledger.js";
import { repeat, type Server, write } from "./load.js";
import { findFaults } from "./oracle.js";

const WRITERS = 12;
/** Answers a round sees before it kills: few enough to hit the first calls after a start, too. */
const ANSWERS = { low: 10, high: 120 };
/** Then it waits this long at most, in milliseconds, to strike in the middle of anything. */
const MAX_WAIT_MS = 15;

/** Something that can be killed under load. */
export interface Victim {
  /** The control plane, started where it does not run. */
  start(): Promise<{ readonly child: Child; readonly server: Server }>;
  /** Kills by chance what this victim is made of; started again before it resolves. */
  strike(child: Child): Promise<void>;
  openTables(): Promise<Tables>;
}

/**
 * Puts a control plane under load and kills it, again and again on the same data; after every
 * start, the oracle compares all that was ever answered with all that is there.
 */
export async function crash(victim: Victim, random: Random, rounds: number): Promise<void> {
  const ledger = new Ledger();
  for (let round = 0; round < rounds; round += 1) {
    const { child, server } = await victim.start();
    await using _ = child;
    await expectNoFaults(victim, ledger);
    await repeat(server, ledger, random);
    const before = ledger.size;
    const enough = before + random.integer(ANSWERS.low, ANSWERS.high);
    const stop = new AbortController();
    const writers = Array.from({ length: WRITERS }, () =>
      write(server, ledger, random, stop.signal),
    );
    await Promise.race([Promise.all(writers), until(() => ledger.size >= enough)]);
    await pause(random.next() * MAX_WAIT_MS);
    await victim.strike(child);
    stop.abort();
    await Promise.all(writers);
    expect(ledger.size).toBeGreaterThanOrEqual(enough);
  }
  const { child } = await victim.start();
  await using _ = child;
  await expectNoFaults(victim, ledger);
}

/** Once the log has taken everything in. */
async function expectNoFaults(victim: Victim, ledger: Ledger): Promise<void> {
  await using tables = await victim.openTables();
  const countWaiting = async () =>
    (await tables.query("select id from receipts where log_index is null")).length;
  await expect.poll(countWaiting, { timeout: 10_000 }).toBe(0);
  expect(findFaults(ledger, await readFound(tables))).toEqual([]);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
