import type { Client, ClientBase, Pool } from "pg";
import { StoreError } from "../../errors.js";
import { Connection, StatementNames } from "./connection.js";
import { nameFailure } from "./failure.js";

/** Connections of one control plane, beside the one that listens. */
export const DEFAULT_POOL_SIZE = 10;

/** How long to wait for a connection before saying that the database cannot be reached. */
const CONNECT_MS = 5_000;
/** How long a statement may take, a lock be waited for, and a transaction stand still. */
const STATEMENT_MS = 30_000;
const LOCK_MS = 10_000;
const IDLE_IN_TRANSACTION_MS = 10_000;
/** Beyond {@link STATEMENT_MS}: the network has swallowed the answer. */
const ANSWER_MS = 35_000;
const IDLE_MS = 60_000;

/**
 * What every session is set to, however server, database or role are configured. Commits wait for
 * the disk; a stronger setting, such as waiting for standbys, stays.
 */
const SESSION = `select
  set_config('synchronous_commit', case current_setting('synchronous_commit') when 'off' then 'on'
    else current_setting('synchronous_commit') end, false),
  set_config('default_transaction_isolation', 'read committed', false),
  set_config('default_transaction_deferrable', 'off', false),
  set_config('statement_timeout', '${STATEMENT_MS}', false),
  set_config('lock_timeout', '${LOCK_MS}', false),
  set_config('idle_in_transaction_session_timeout', '${IDLE_IN_TRANSACTION_MS}', false)`;

/** A schema may take as long as it takes. */
const WITHOUT_LIMITS =
  "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0";

const OID_INT8 = 20;
const OID_JSON = 114;

/** The server, database and user of a connection, for messages. Never the password. */
export interface Target {
  readonly server: string;
  readonly database: string;
  readonly user: string;
}

/** Connections to one database, kept open and handed out one caller at a time. */
export interface Connections {
  readonly target: Target;
  connect(): Promise<Connection>;
  /** A connection without time limits, which {@link Connection.release} must end. */
  connectWithoutLimits(): Promise<Connection>;
  end(): Promise<void>;
}

/**
 * Loads the driver and prepares the pool. Connects to nothing yet.
 *
 * @throws {StoreError} `DATABASE_REFUSED`: this is no address.
 */
export async function createPool(connectionString: string, max: number): Promise<Connections> {
  const { default: pg } = await import("pg");
  const target = targetOf(() => new pg.Client({ connectionString }));
  const pool: Pool = new pg.Pool({
    connectionString,
    max,
    application_name: "holdpoint",
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    pipeline: true,
    types: { getTypeParser: (oid, format) => PARSERS[oid] ?? pg.types.getTypeParser(oid, format) },
    // The pool waits for what this gives, which its types do not say.
    onConnect: (client) => client.query(SESSION) as unknown as undefined,
  });
  const names = new StatementNames();
  const connections = new WeakMap<ClientBase, Connection>();
  // A connection that breaks while nobody asks anything of it must not end the process. Whoever
  // uses it next is told.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));

  async function connect(): Promise<Connection> {
    try {
      const client = await pool.connect();
      const known = connections.get(client) ?? new Connection(client, names);
      connections.set(client, known);
      return known;
    } catch (error) {
      throw nameFailure(error);
    }
  }

  return {
    target,
    connect,
    async connectWithoutLimits() {
      const connection = await connect();
      await connection.query(WITHOUT_LIMITS);
      return connection;
    },
    end: () => pool.end(),
  };
}

function targetOf(createClient: () => Client): Target {
  try {
    const { host, port, database = "", user = "" } = createClient();
    return { server: `${host}:${port}`, database, user };
  } catch {
    // What the parser says may quote the address with its password.
    throw new StoreError({
      code: "DATABASE_REFUSED",
      message:
        "Expected the database's address as postgres://user:password@host:5432/database, got another text. Correct it; special characters of the password are written in percent-encoding.",
    });
  }
}

/** 64-bit integers as numbers, like SQLite gives them, and JSON as the text it is. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [OID_INT8]: parseInteger,
  [OID_JSON]: (text) => text,
};

function parseInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError("Expected an integer up to 2^53 in the database, got a larger one.");
}
