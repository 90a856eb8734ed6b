import type { Transaction } from "../../database.js";
import type { Connection, Statement } from "./driver.js";
import type { Mutex } from "./mutex.js";

/** Mutations per commit. One fsync is shared by all; the event loop waits for none longer than this. */
const BATCH_SIZE = 128;

interface Entry {
  readonly mutate: (transaction: Transaction) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs mutations that arrive together as one durable transaction, each in its own savepoint. Nobody
 * is answered before the commit; a commit that fails is everybody's failure.
 */
export class GroupCommit {
  readonly #connection: Connection;
  readonly #transaction: Transaction;
  readonly #mutex: Mutex;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  #queue: Entry[] = [];
  #draining: Promise<void> | undefined;

  constructor(options: { connection: Connection; transaction: Transaction; mutex: Mutex }) {
    this.#connection = options.connection;
    this.#transaction = options.transaction;
    this.#mutex = options.mutex;
    this.#savepoint = this.#connection.prepare("savepoint mutation");
    this.#release = this.#connection.prepare("release mutation");
  }

  run<Result>(mutate: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#queue.push({ mutate, resolve: resolve as Entry["resolve"], reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when everything queued so far is settled. */
  async settled(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // After the poll phase, so that calls read from many sockets in one turn share a commit.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#mutex.run(async () => {
        await this.#commit(this.#queue.splice(0, BATCH_SIZE));
      });
    }
    this.#draining = undefined;
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    const answers: (() => void)[] = [];
    try {
      this.#connection.exec("begin immediate");
      for (const entry of batch) answers.push(await this.#attempt(entry));
      this.#connection.exec("commit");
    } catch (error) {
      this.#rollback();
      for (const entry of batch) entry.reject(error);
      return;
    }
    for (const answer of answers) answer();
  }

  /** Throws only when the whole transaction is lost, which the savepoint's absence shows. */
  async #attempt({ mutate, resolve, reject }: Entry): Promise<() => void> {
    this.#savepoint.run();
    try {
      const value = await mutate(this.#transaction);
      this.#release.run();
      return () => resolve(value);
    } catch (error) {
      this.#connection.exec("rollback to mutation");
      this.#release.run();
      return () => reject(error);
    }
  }

  /**
   * Fails where SQLite has rolled back by itself. Should a transaction stay open after all, the next
   * batch cannot begin, and its callers are told.
   */
  #rollback(): void {
    try {
      this.#connection.exec("rollback");
    } catch {}
  }
}
