import { startPostgres } from "@holdpoint/test-postgres";
import { expect, test } from "vitest";
import { type Child, startChild } from "../harness/child.js";
import { full } from "../harness/full.js";
import { createRandom } from "../harness/random.js";
import { openPostgresTables } from "../harness/tables.js";
import { crash } from "./crash.js";
import type { Server } from "./load.js";

const ROUNDS = full(3, 20);

test(`[G1] [G2] [G3] [G7] [P-IDEMPOTENCY] after ${ROUNDS} crashes of the server or its PostgreSQL, all that was answered is there, once, with its receipts`, {
  timeout: full(180_000, 1_800_000),
}, async () => {
  const random = createRandom();
  console.log(`Crashes on PostgreSQL: TEST_SEED=${random.seed}`);
  await using postgres = await startPostgres();
  const url = await postgres.createDatabase();
  const masterKey = Buffer.alloc(32, 8).toString("base64url");
  let round = 0;
  let serverUrl = "";
  await crash(
    {
      async start() {
        const child = startChild("harness/server.ts", {}, [url, masterKey]);
        const server = JSON.parse(await child.nextLine()) as Server;
        serverUrl = server.url;
        return { child, server };
      },
      async strike(child: Child) {
        round += 1;
        // In turns, so that every run sees both.
        if (round % 2 === 0) {
          child.process.kill("SIGKILL");
          expect(await child.ended).toBe("SIGKILL");
          return;
        }
        await postgres.crash();
        await postgres.start();
        // The same server finds its database again, by itself.
        const isReady = async () => (await fetch(`${serverUrl}/readyz`)).ok;
        await expect.poll(isReady, { timeout: 30_000 }).toBe(true);
      },
      openTables: () => openPostgresTables(url),
    },
    random,
    ROUNDS,
  );
});
