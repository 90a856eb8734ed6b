import { StoreError } from "../../errors.js";
import type { Connections, Target } from "./pool.js";

const OLDEST_VERSION = 14;

/**
 * Makes sure that this is a database we can keep things in.
 *
 * @throws {StoreError} `DATABASE_UNREACHABLE`, `DATABASE_REFUSED`, `DATABASE_UNSUITABLE`.
 */
export async function assertSuitable({ connect, target }: Connections): Promise<void> {
  const connection = await connect().catch((error: unknown) => {
    throw explainStartUp(error, target);
  });
  try {
    const { rows } = await connection.query<Properties>(PROPERTIES);
    const problem = rows[0] && problemOf(rows[0], target);
    if (problem) throw new StoreError({ code: "DATABASE_UNSUITABLE", message: problem });
  } finally {
    connection.release();
  }
}

interface Properties {
  readonly version: number;
  readonly encoding: string;
  readonly standby: boolean;
  readonly schema: string | null;
}

const PROPERTIES = `select
  current_setting('server_version_num')::integer / 10000 as version,
  current_setting('server_encoding') as encoding,
  pg_is_in_recovery() as standby,
  current_schema() as schema`;

function problemOf(
  { version, encoding, standby, schema }: Properties,
  { server, database }: Target,
): string | undefined {
  if (version < OLDEST_VERSION) {
    return `Expected PostgreSQL ${OLDEST_VERSION} or later at ${server}, found ${version}. Upgrade it.`;
  }
  if (encoding !== "UTF8") {
    return `Expected database ${database} to have the encoding UTF8, found ${encoding}. Make another: create database holdpoint encoding 'UTF8' template template0.`;
  }
  if (standby) {
    return `Expected the primary at ${server}, found a standby, which takes no writes. Name the primary.`;
  }
  if (schema === null) {
    return `Expected a schema in which tables can be made in database ${database}, found none on its search_path. Make one, or correct the search_path.`;
  }
  return undefined;
}

/** What went wrong before anything worked, in words that help, without what the driver says. */
export function explainStartUp(error: unknown, { server, database, user }: Target): unknown {
  const cause = error instanceof StoreError ? error.cause : error;
  const { code = "", message = "" } = cause as { code?: string; message?: string };
  if (/^(28|0P000)/.test(code) || /^SASL/.test(message)) {
    return new StoreError({
      code: "DATABASE_REFUSED",
      message: `Expected ${server} to let user ${user} into database ${database}, but it refused. Check user name, password and pg_hba.conf.`,
    });
  }
  if (code === "3D000") {
    return new StoreError({
      code: "DATABASE_REFUSED",
      message: `Expected a database ${database} at ${server}, but there is none. Make it: create database ${database} encoding 'UTF8' template template0.`,
    });
  }
  if (code === "42501") {
    return new StoreError({
      code: "DATABASE_UNSUITABLE",
      message: `Expected user ${user} to be allowed to make tables in database ${database}, but it is not. Make it the owner: alter database ${database} owner to ${user}.`,
    });
  }
  const isTls = /SSL|TLS|self.signed|certificate/i.test(`${code} ${message}`);
  if (!isTls && !(error instanceof StoreError)) return error;
  return new StoreError({
    code: "DATABASE_UNREACHABLE",
    message: isTls
      ? `Expected an encrypted connection to ${server}, but it could not be made (${code || "no TLS there"}). Check sslmode and sslrootcert of the address.`
      : `Expected PostgreSQL at ${server}, but got no connection (${code || "no answer"}). Start it, or correct the address.`,
  });
}
