import { join } from "node:path";
import { expect, test } from "vitest";
import { startChild } from "../harness/child.js";
import { createFolder } from "../harness/folder.js";
import { full } from "../harness/full.js";
import { createRandom } from "../harness/random.js";
import { openSqliteTables } from "../harness/tables.js";
import { crash } from "./crash.js";
import type { Server } from "./load.js";

const ROUNDS = full(12, 100);

test(`[G1] [G2] [G3] [G7] [P-IDEMPOTENCY] after ${ROUNDS} kill -9 under load, SQLite holds all that was answered, once, with its receipts`, {
  timeout: full(180_000, 1_800_000),
}, async () => {
  const random = createRandom();
  console.log(`Crashes on SQLite: TEST_SEED=${random.seed}`);
  await using folder = await createFolder();
  const path = join(folder.path, "holdpoint.db");
  const masterKey = Buffer.alloc(32, 8).toString("base64url");
  await crash(
    {
      async start() {
        const child = startChild("harness/server.ts", {}, [path, masterKey]);
        return { child, server: JSON.parse(await child.nextLine()) as Server };
      },
      async strike(child) {
        child.process.kill("SIGKILL");
        expect(await child.ended).toBe("SIGKILL");
      },
      openTables: () => openSqliteTables(path),
    },
    random,
    ROUNDS,
  );
});
