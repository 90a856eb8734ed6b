import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";
import { dataDirectory } from "./directory.js";

/**
 * The folder that holds the embedded database: the one asked for, that of `serve` where its
 * environment is set, else that of `dev`.
 *
 * @throws {CommandFailure} where the data is in PostgreSQL, which has tools of its own.
 */
export function storedData({ env, directory }: Terminal, option: string | undefined): string {
  if (option === undefined && env.HOLDPOINT_DATABASE_URL?.trim()) {
    throw new CommandFailure({
      reason: "usage",
      message:
        "HOLDPOINT_DATABASE_URL is set, so the data is in PostgreSQL, which backs itself up: use pg_dump and pg_restore, or continuous archiving. Parked states in files or in S3 are backed up apart, after the database.",
      code: "BACKUP_UNSUPPORTED",
      next: 'pg_dump --format=custom --file=holdpoint.dump "$HOLDPOINT_DATABASE_URL"   (or name an embedded database: --data <dir>)',
    });
  }
  return dataDirectory(directory, option ?? (env.HOLDPOINT_DATA_DIR?.trim() || undefined)).path;
}
