import type { Database } from "../../database.js";
import { createKysely } from "./connection.js";
import { postgresDialect } from "./dialect.js";
import { isOutdatedPlan } from "./failure.js";
import { GroupCommit } from "./group-commit.js";
import { createFeed } from "./listen.js";
import { type Connections, createPool, DEFAULT_POOL_SIZE } from "./pool.js";
import { assertSuitable, explainStartUp } from "./start-up.js";

/**
 * Connects to a PostgreSQL database.
 *
 * @param connectionString - `postgres://user:password@host:port/database?sslmode=…`
 * @param poolSize - Connections, 2 or more. Default 10.
 * @throws {StoreError} `DATABASE_UNREACHABLE`, `DATABASE_REFUSED`, `DATABASE_UNSUITABLE`. Never
 *   with the password.
 */
export async function openPostgres(
  connectionString: string,
  poolSize = DEFAULT_POOL_SIZE,
): Promise<Database> {
  const connections = await createPool(connectionString, poolSize);
  try {
    await assertSuitable(connections);
  } catch (error) {
    await connections.end();
    throw error;
  }
  return createDatabase(connections, { connectionString, poolSize });
}

function createDatabase(
  connections: Connections,
  { connectionString, poolSize }: { readonly connectionString: string; readonly poolSize: number },
): Database {
  // Half of them, so that reads never wait behind writes.
  const writers = Math.max(1, Math.floor(poolSize / 2));
  const commits = new GroupCommit({ connect: connections.connect, writers });
  const db = createKysely(connections.connect, (connection) => connection.release());
  return {
    dialect: postgresDialect,
    async read(query) {
      try {
        return await query({ db });
      } catch (error) {
        // A newer replica has changed the table; what is planned anew fits it.
        if (isOutdatedPlan(error)) return query({ db });
        throw error;
      }
    },
    write: (mutation) => commits.run(mutation),
    async alter(change) {
      const connection = await connections.connectWithoutLimits();
      try {
        return await change(createKysely(async () => connection));
      } catch (error) {
        throw explainStartUp(error, connections.target);
      } finally {
        connection.release({ end: true });
      }
    },
    auth: { db, type: "postgres" },
    feed: createFeed(connectionString),
    async close() {
      await commits.settled();
      await connections.end();
    },
  };
}
