import { join } from "node:path";
import { startPostgres } from "@holdpoint/test-postgres";
import { expect, test } from "vitest";
import type { Victim } from "../durability/crash.js";
import type { Server } from "../durability/load.js";
import { startChild } from "../harness/child.js";
import { createFolder } from "../harness/folder.js";
import { full } from "../harness/full.js";
import { createRandom } from "../harness/random.js";
import { openPostgresTables, openSqliteTables } from "../harness/tables.js";
import { crashSpending } from "./crash.js";

const MASTER_KEY = Buffer.alloc(32, 8).toString("base64url");
const ROUNDS = { sqlite: full(6, 60), postgres: full(2, 12) };
const TIMEOUT = { timeout: full(180_000, 1_800_000) };

/** Kills the server; a database that is no file outlives it. */
function serverAt(address: string, openTables: Victim["openTables"]): Victim {
  return {
    async start() {
      const child = startChild("harness/server.ts", {}, [address, MASTER_KEY]);
      return { child, server: JSON.parse(await child.nextLine()) as Server };
    },
    async strike(child) {
      child.process.kill("SIGKILL");
      expect(await child.ended).toBe("SIGKILL");
    },
    openTables,
  };
}

test(
  `[G3] [G8] after ${ROUNDS.sqlite} kill -9 while money is spent, SQLite has lost nothing answered and no sum has drifted`,
  TIMEOUT,
  async () => {
    const random = createRandom();
    console.log(`Crashes while spending on SQLite: TEST_SEED=${random.seed}`);
    await using folder = await createFolder();
    const path = join(folder.path, "holdpoint.db");
    await crashSpending(
      serverAt(path, () => openSqliteTables(path)),
      random,
      ROUNDS.sqlite,
    );
  },
);

test(
  `[G3] [G8] after ${ROUNDS.postgres} kill -9 while money is spent, PostgreSQL has lost nothing answered and no sum has drifted`,
  TIMEOUT,
  async () => {
    const random = createRandom();
    console.log(`Crashes while spending on PostgreSQL: TEST_SEED=${random.seed}`);
    await using postgres = await startPostgres();
    const url = await postgres.createDatabase();
    await crashSpending(
      serverAt(url, () => openPostgresTables(url)),
      random,
      ROUNDS.postgres,
    );
  },
);
