import { StoreError } from "../../errors.js";
import type { Connection } from "./driver.js";

type OpenConnection = (path: string) => Connection;

/**
 * Claims a database file for this store until the returned connection is closed. The claim is the
 * operating system's lock on a second, empty file, so a crash releases it and no stale one is left.
 *
 * @throws {StoreError} `STORE_IN_USE`: another store, here or in another process, has it open.
 */
export function claimFile(databasePath: string, open: OpenConnection): Connection {
  const lock = open(`${databasePath}.lock`);
  try {
    lock.exec("begin exclusive");
    return lock;
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw cause;
    throw new StoreError({
      code: "STORE_IN_USE",
      message: `Expected to be the only server on ${databasePath}, but another one has it open. Stop that one, or give this one its own data folder.`,
      cause,
    });
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
}
