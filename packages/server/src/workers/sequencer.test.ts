import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWakeups } from "../events/wakeups.js";
import { ManualClock } from "../routes/testing/clock.js";
import { createMasterKey, createTenant, type Tenant } from "../store/conformance/fixture.js";
import { createSqliteStore } from "../store/sqlite.js";
import type { Store } from "../store/store.js";
import type { LogStore } from "../store/verbs/log.js";
import { createSequencer, type Sequencer } from "./sequencer.js";

let store: Store;
let tenant: Tenant;
let clock: ManualClock;
let wakeups: ReturnType<typeof createWakeups>;
let sequencer: Sequencer;
beforeEach(async () => {
  store = await createSqliteStore({ storage: { memory: true }, masterKeys: [createMasterKey()] });
  tenant = await createTenant(store);
  clock = new ManualClock();
  wakeups = createWakeups();
});
afterEach(async () => {
  await sequencer.stop();
  await store.close();
});

/** A sequencer over the store's log, or over one that does this before each batch. */
function sequence(before: () => void = () => {}): Sequencer {
  const log: LogStore = {
    ...store.log,
    async integrate(limit) {
      before();
      return store.log.integrate(limit);
    },
  };
  const logger = pino({ level: "silent" });
  sequencer = createSequencer({ log, clock, wakeups, logger, origin: "log.example/v1/log" });
  return sequencer;
}

async function write(count: number): Promise<void> {
  const drafts = Array.from({ length: count }, () => tenant.draft());
  await Promise.all(drafts.map((draft) => store.requests.create(draft)));
  for (const { id, projectId } of drafts) wakeups.notify({ id, projectId });
}

describe("the sequencer", () => {
  it("begins with what waits from before, in as many batches as it takes", async () => {
    await write(600);
    await sequence().start();
    await sequencer.stop();
    expect((await store.log.head()).size).toBe(256);
    await sequence().start();
    await sequencer.flush();
    expect((await store.log.head()).size).toBe(600);
  });

  it("lets what is committed gather, and takes it in within a tenth of a second", async () => {
    let batches = 0;
    await sequence(() => {
      batches += 1;
    }).start();
    await sequencer.flush();
    batches = 0;
    for (let count = 0; count < 10; count += 1) await write(3);
    expect(batches).toBe(0);
    expect(clock.pendingTimers).toBe(1);
    clock.advance(99);
    await sequencer.stop();
    expect(batches).toBe(1);
    expect((await store.log.head()).size).toBe(30);
  });

  it("has taken in all that was committed before it was asked, whatever is under way", async () => {
    await sequence().start();
    await write(5);
    const first = sequencer.flush();
    await write(5);
    await Promise.all([sequencer.flush(), sequencer.flush(), first]);
    expect((await store.log.head()).size).toBe(10);
  });

  it("tries again after a failure, and tells whoever asked of it", async () => {
    let broken = true;
    await sequence(() => {
      if (broken) throw new Error("no");
    }).start();
    await write(2);
    await expect(sequencer.flush()).rejects.toThrow("no");
    clock.advance(50);
    await expect(sequencer.flush()).rejects.toThrow("no");
    broken = false;
    clock.advance(1_000);
    await sequencer.stop();
    expect((await store.log.head()).size).toBe(2);
  });

  it("sets no timer once stopped", async () => {
    await sequence().start();
    await sequencer.stop();
    await write(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
