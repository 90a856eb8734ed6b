import { join } from "node:path";
import { Holdpoint } from "@holdpoint/sdk";
import { expect, test } from "vitest";
import { startChild } from "../harness/child.js";
import { createFolder } from "../harness/folder.js";

const ROUNDS = 5;
const WRITERS = 8;
/** How many acknowledged loops a round sees before its server is killed in the middle of others. */
const LOOPS_BEFORE_KILL = 40;

interface Server {
  readonly url: string;
  readonly apiKey: string;
  readonly operatorToken: string;
}

/** What the server has acknowledged: the status each request must have, or one it may have. */
type Ledger = Map<string, { readonly status: string; readonly asked?: string }>;

test("[G3] after kill -9 under load, everything acknowledged is there", async () => {
  await using folder = await createFolder();
  const database = join(folder.path, "holdpoint.db");
  const masterKey = Buffer.alloc(32, 8).toString("base64url");
  const ledger: Ledger = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    await using child = startChild("harness/server.ts", {}, [database, masterKey]);
    const server = JSON.parse(await child.nextLine()) as Server;
    await expectAllThere(server, ledger);
    const before = ledger.size;
    const writers = Array.from({ length: WRITERS }, () => writeUntilItDies(server, ledger));
    await Promise.race([...writers, waitUntil(() => ledger.size - before >= LOOPS_BEFORE_KILL)]);
    child.process.kill("SIGKILL");
    expect(await child.ended).toBe("SIGKILL");
    await Promise.all(writers);
    expect(ledger.size - before).toBeGreaterThanOrEqual(LOOPS_BEFORE_KILL);
  }
  await using child = startChild("harness/server.ts", {}, [database, masterKey]);
  await expectAllThere(JSON.parse(await child.nextLine()) as Server, ledger);
});

/** Creates and decides in a loop, noting only what was answered with 2xx. */
async function writeUntilItDies(server: Server, ledger: Ledger): Promise<void> {
  const hp = new Holdpoint({ baseUrl: server.url, apiKey: server.apiKey, maxRetries: 0 });
  for (let index = 0; ; index += 1) {
    const payload = { index, text: "x".repeat(500) };
    const created = await hp.defer({ service: "load", action: "write", payload }).catch(() => null);
    if (created === null) return;
    ledger.set(created.id, { status: "PENDING" });
    const decision = index % 2 === 0 ? "approve" : "reject";
    const asked = decision === "approve" ? "APPROVED" : "REJECTED";
    ledger.set(created.id, { status: "PENDING", asked });
    const decided = await callAsOperator(server, `/v1/requests/${created.id}/decision`, {
      decision,
      revision: 1,
    }).catch(() => null);
    if (decided === null) return;
    ledger.set(created.id, { status: asked });
  }
}

async function expectAllThere(server: Server, ledger: Ledger): Promise<void> {
  const wrong: string[] = [];
  for (const [id, { status, asked }] of ledger) {
    const found = await callAsOperator(server, `/v1/requests/${id}`).catch(() => null);
    // A decision in flight at the kill may have reached the disk without its answer being seen.
    const fine = found?.status === status || (asked !== undefined && found?.status === asked);
    if (!fine) wrong.push(`${id}: expected ${status}, found ${found?.status ?? "nothing"}`);
  }
  expect(wrong).toEqual([]);
}

async function callAsOperator(
  server: Server,
  path: string,
  body?: unknown,
): Promise<{ readonly status: string } | null> {
  const response = await fetch(`${server.url}${path}`, {
    headers: {
      authorization: `Bearer ${server.operatorToken}`,
      "content-type": "application/json",
    },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });
  return response.ok ? ((await response.json()) as { status: string }) : null;
}

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
