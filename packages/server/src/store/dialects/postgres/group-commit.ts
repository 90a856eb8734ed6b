import type { Kysely } from "kysely";
import type { LastRows, Transaction } from "../../database.js";
import type { Schema } from "../../schema.js";
import { together } from "../../together.js";
import { type Connection, createKysely } from "./connection.js";
import { insertEntries } from "./entries.js";
import { insertEvents } from "./events.js";
import { isConflict, isLost } from "./failure.js";

/** Mutations per commit: later ones wait for the earlier, so a batch must not become long. */
const BATCH_SIZE = 32;
/** How often a mutation that met another transaction is tried, in all. */
const ATTEMPTS = 5;

/**
 * A batch gives way early and is split up, for its mutations hold the locks of all. One alone waits
 * as long as the connection is set to.
 */
const BEGIN_BATCH = "begin; set local lock_timeout = 250";
const BEGIN_ONE = "begin";

interface Entry {
  readonly mutate: (transaction: Transaction) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs mutations that arrive together as one durable transaction, on a few connections side by
 * side. Nobody is answered before the commit. There are no savepoints, which would cost two round
 * trips each: when anything fails, the batch is undone and its mutations are run one by one.
 */
export class GroupCommit {
  readonly #connect: () => Promise<Connection>;
  readonly #writers: number;
  readonly #databases = new WeakMap<Connection, Kysely<Schema>>();
  readonly #active = new Set<Promise<void>>();
  #queue: Entry[] = [];
  #running = 0;

  /** @param options.writers - Connections used at most at a time. */
  constructor(options: { connect: () => Promise<Connection>; writers: number }) {
    this.#connect = options.connect;
    this.#writers = options.writers;
  }

  run<Result>(mutate: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#queue.push({ mutate, resolve: resolve as Entry["resolve"], reject });
      if (this.#running < this.#writers) this.#start();
    });
  }

  /** Resolves when everything queued so far is settled. */
  async settled(): Promise<void> {
    while (this.#running > 0) await Promise.all(this.#active);
  }

  #start(): void {
    this.#running += 1;
    const writing = this.#drain().finally(() => this.#active.delete(writing));
    this.#active.add(writing);
  }

  async #drain(): Promise<void> {
    // After the poll phase, so that calls read from many sockets in one turn share a commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const share = Math.ceil(this.#queue.length / this.#writers);
      await this.#commit(this.#queue.splice(0, Math.min(share, BATCH_SIZE)));
    }
    // In the same turn as the last look at the queue, or what comes in between would wait for ever.
    this.#running -= 1;
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    try {
      const values = await this.#transact(batch);
      batch.forEach(({ resolve }, index) => {
        resolve(values[index]);
      });
    } catch (error) {
      // It may have been committed with nobody to tell: only the caller may send it again.
      if (isLost(error)) for (const { reject } of batch) reject(error);
      else if (batch.length > 1) for (const entry of batch) await this.#commit([entry]);
      else for (const entry of batch) await this.#again(entry, error);
    }
  }

  /** What PostgreSQL has ended to let another transaction pass is run again; nothing else. */
  async #again(entry: Entry, first: unknown): Promise<void> {
    let error = first;
    for (let attempt = 1; attempt < ATTEMPTS && isConflict(error); attempt += 1) {
      try {
        const [value] = await this.#transact([entry]);
        entry.resolve(value);
        return;
      } catch (next) {
        error = next;
      }
    }
    entry.reject(error);
  }

  async #transact(batch: readonly Entry[]): Promise<readonly unknown[]> {
    const connection = await this.#connect();
    try {
      const db = this.#databases.get(connection) ?? createKysely(async () => connection);
      this.#databases.set(connection, db);
      await connection.query(batch.length > 1 ? BEGIN_BATCH : BEGIN_ONE);
      const last: LastRows = { events: [], entries: [] };
      const values: unknown[] = [];
      for (const { mutate } of batch) values.push(await mutate({ db, writes: true, last }));
      await finish(connection, last);
      return values;
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
  }
}

/** All at once, so that the lock on the order of commits is held for no round trip. */
async function finish(connection: Connection, { events, entries }: LastRows): Promise<void> {
  await together([
    events.length > 0 && insertEvents(connection, events),
    entries.length > 0 && insertEntries(connection, entries),
    connection.commit(),
  ]);
}
