import { Kysely, PostgresDialect, type PostgresPoolClient } from "kysely";
import type { PoolClient, QueryResult } from "pg";
import type { Schema } from "../../schema.js";
import { isBroken, isOutdatedPlan, nameFailure } from "./failure.js";

const NAMED_STATEMENTS = 256;

/** Names for statements, so that each connection parses and plans each of them once. */
export class StatementNames {
  readonly #names = new Map<string, string>();
  #generation = 0;

  /** `undefined` where there are too many already: that one is planned every time. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= NAMED_STATEMENTS) return known;
    const name = `holdpoint_${this.#generation}_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  /** Makes every statement be planned anew, because tables have changed. */
  renew(): void {
    this.#names.clear();
    this.#generation += 1;
  }
}

/** One connection of the pool. */
export class Connection {
  readonly #client: PoolClient;
  readonly #names: StatementNames;
  #isBroken = false;

  constructor(client: PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
  }

  /** Sends a statement at once, also while earlier ones are under way; they are run in turn. */
  async query<Row extends object>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    const name = values.length > 0 ? this.#names.nameOf(text) : undefined;
    try {
      return await this.#client.query<Row>({
        ...(name !== undefined && { name }),
        text,
        values: [...values],
      });
    } catch (error) {
      if (isOutdatedPlan(error)) this.#names.renew();
      if (isBroken(error)) this.#isBroken = true;
      throw nameFailure(error);
    }
  }

  /**
   * Commits, and makes sure that it did: PostgreSQL answers `commit` after a failed statement with a
   * cheerful `ROLLBACK`.
   */
  async commit(): Promise<void> {
    const { command } = await this.query("commit");
    if (command === "COMMIT") return;
    throw new Error(`Expected the transaction to be committed, got ${command}.`);
  }

  /** Undoes what was begun. A connection on which even this fails is not used again. */
  async rollback(): Promise<void> {
    await this.query("rollback").catch(() => {
      this.#isBroken = true;
    });
  }

  /** Gives it back to the pool, or ends it. */
  release(options: { readonly end?: boolean } = {}): void {
    this.#client.release(this.#isBroken || options.end === true);
  }
}

/**
 * Kysely on connections of ours.
 *
 * @param connect - Gives the connection for one query or transaction; `release` takes it back.
 */
export function createKysely(
  connect: () => Promise<Connection>,
  release: (connection: Connection) => void = () => {},
): Kysely<Schema> {
  const adapt = (connection: Connection): PostgresPoolClient => ({
    query: (async (text: string, values: readonly unknown[]) =>
      connection.query(text, values)) as unknown as PostgresPoolClient["query"],
    release: () => release(connection),
  });
  return new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: { connect: async () => adapt(await connect()), end: async () => {} },
    }),
  });
}
