import { randomBytes } from "node:crypto";
import pg from "pg";
import type {} from "vitest";

/** A server that a test has started, and how it can tell that this is the one. */
export interface Cluster {
  /** Its `postgres` database, with the password. */
  readonly adminUrl: string;
  /** What the server was started with as its `cluster_name`: random, and known to no other. */
  readonly token: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    /** The server of this run; `createDatabase(inject("postgres"))` gives a database of one's own. */
    readonly postgres: Cluster;
  }
}

/**
 * Makes an empty database of its own for one test file.
 *
 * @returns Its address.
 * @throws {Error} when the server at that address is not the one the tests have started. Nothing
 *   was sent to it but the question.
 */
export async function createDatabase(cluster: Cluster): Promise<string> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const client = new pg.Client({ connectionString: cluster.adminUrl });
  await client.connect();
  try {
    await proveOurs(client, cluster.token);
    await client.query(`create database ${name} encoding 'UTF8' template template0`);
  } finally {
    await client.end();
  }
  const url = new URL(cluster.adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Somebody's real database must never meet a test: another server may have taken over the port. */
async function proveOurs(client: pg.Client, token: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select current_setting('cluster_name') as name",
  );
  if (token.length > 0 && rows[0]?.name === token) return;
  throw new Error(
    "Expected the PostgreSQL server that these tests have started, found another one at its address. Nothing was changed.",
  );
}
