import { join } from "node:path";
import { createControlPlane } from "@holdpoint/server";
import { startPostgres } from "@holdpoint/test-postgres";
import { startChild } from "../harness/child.js";
import { StandingClock } from "../harness/clock.js";
import { createFolder } from "../harness/folder.js";
import { openPostgresTables, openSqliteTables, type Tables } from "../harness/tables.js";
import { Buyer, sendAs, Treasurer } from "./money.js";

export const DATABASES = ["SQLite", "PostgreSQL with two replicas"] as const;
export type Database = (typeof DATABASES)[number];

/** One agent and one admin at every control plane there is, in turns. */
export interface Branches extends AsyncDisposable {
  readonly buyers: readonly Buyer[];
  readonly treasurers: readonly Treasurer[];
  readonly tables: Tables;
}

const MASTER_KEY = Buffer.alloc(32, 9).toString("base64url");

/** Control planes in processes of their own, on one database. */
export async function startBranches(database: Database): Promise<Branches> {
  const { address, replicas, tables, ...store } = await createDatabase(database);
  const open: AsyncDisposable[] = [store, tables];
  const buyers: Buyer[] = [];
  const treasurers: Treasurer[] = [];
  for (let index = 0; index < replicas; index++) {
    const child = startChild("harness/server.ts", {}, [address, MASTER_KEY]);
    open.push(child);
    const { url, apiKey, operatorToken } = JSON.parse(await child.nextLine());
    const send = sendAs(fetch, url, apiKey);
    const { body } = await send("GET", "/v1/me");
    buyers.push(new Buyer((body as { agent: { id: string } }).agent.id, send));
    treasurers.push(new Treasurer(sendAs(fetch, url, operatorToken)));
  }
  return { buyers, treasurers, tables, [Symbol.asyncDispose]: () => closeAll(open) };
}

/** Control planes in this process, on one database, all by one clock that stands still. */
export async function openBranches(
  database: Database,
): Promise<Branches & { readonly clock: StandingClock }> {
  const { address, replicas, tables, ...store } = await createDatabase(database);
  const open: AsyncDisposable[] = [store, tables];
  const clock = new StandingClock("2026-03-11T12:00:00Z");
  const buyers: Buyer[] = [];
  const treasurers: Treasurer[] = [];
  for (let index = 0; index < replicas; index++) {
    const plane = await createControlPlane({
      storage:
        database === "SQLite"
          ? { kind: "sqlite", path: address }
          : { kind: "postgres", url: address },
      blobs: { kind: "memory" },
      masterKey: MASTER_KEY,
      rateLimits: false,
      clock,
      logger: { info() {}, warn() {}, error() {} },
    });
    open.push(plane);
    const { projectId, operatorId } = await plane.admin.bootstrap({
      email: "ada@example.com",
      name: "Ada Lovelace",
      projectName: "Acme",
    });
    const { url } = await plane.start({ port: 0 });
    const { apiKey, agent } = await plane.admin.createApiKey(projectId, { agent: "buyer" });
    const { token } = await plane.admin.createOperatorToken(projectId, operatorId, { name: "t" });
    buyers.push(new Buyer(agent.id, sendAs(fetch, url, apiKey)));
    treasurers.push(new Treasurer(sendAs(fetch, url, token)));
  }
  return { buyers, treasurers, tables, clock, [Symbol.asyncDispose]: () => closeAll(open) };
}

/** The last first, as they lean on those before. */
async function closeAll(open: readonly AsyncDisposable[]): Promise<void> {
  for (const each of open.toReversed()) await each[Symbol.asyncDispose]();
}

async function createDatabase(database: Database) {
  if (database === "SQLite") {
    const folder = await createFolder();
    const address = join(folder.path, "holdpoint.db");
    // Opened by the first look, when the control plane has made it.
    const tables = lookLater(() => openSqliteTables(address));
    return {
      address,
      replicas: 1,
      tables,
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  }
  const postgres = await startPostgres();
  const address = await postgres.createDatabase();
  const tables = lookLater(() => openPostgresTables(address));
  return { address, replicas: 2, tables, [Symbol.asyncDispose]: () => postgres.stop() };
}

function lookLater(open: () => Promise<Tables>): Tables {
  let tables: Promise<Tables> | undefined;
  const get = () => {
    tables ??= open();
    return tables;
  };
  return {
    query: async (sql) => (await get()).query(sql),
    atOnce: async (work) => (await get()).atOnce(work),
    names: async () => (await get()).names(),
    async [Symbol.asyncDispose]() {
      await (await tables)?.[Symbol.asyncDispose]();
    },
  };
}
