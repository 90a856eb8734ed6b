import { randomUUID } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { WireReceipt, WireRequest } from "@holdpoint/protocol";
import { Holdpoint } from "@holdpoint/sdk";
import { type ControlPlane, type ControlPlaneOptions, createControlPlane } from "@holdpoint/server";
import { type PostgresServer, startPostgres } from "@holdpoint/test-postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { createFolder } from "../harness/folder.js";
import {
  openPostgresTables,
  openSqliteTables,
  readEverything,
  type Tables,
} from "../harness/tables.js";

/** What the first release answered about the database it left. */
interface FirstRelease {
  readonly madeAt: string;
  readonly masterKey: string;
  readonly encryptionKey: string;
  readonly apiKey: string;
  readonly operatorToken: string;
  readonly requests: readonly WireRequest[];
  readonly events: Readonly<Record<string, readonly object[]>>;
}

/** A database of one's own, as the first release left it. */
interface Copy {
  readonly storage: ControlPlaneOptions["storage"];
  openTables(): Promise<Tables>;
}

const fixtureOf = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const release = JSON.parse(await readFile(fixtureOf("first-release.json"), "utf8")) as FirstRelease;
const URL_OF_RELEASE = "https://holdpoint.example.com";

/** An hour after the release's last act, when nothing that was pending has expired. */
const clock = {
  now: () => Date.parse(release.madeAt) + 3_600_000,
  setTimer: () => () => {},
};

let postgres: PostgresServer;
const folder = await createFolder();
beforeAll(async () => {
  postgres = await startPostgres();
  return async () => {
    await postgres.stop();
    await folder[Symbol.asyncDispose]();
  };
});

/** The file that the first release made. */
async function copySqlite(): Promise<Copy> {
  const path = join(folder.path, `${randomUUID()}.db`);
  await copyFile(fixtureOf("first-release.db"), path);
  return { storage: { kind: "sqlite", path }, openTables: () => openSqliteTables(path) };
}

/** The same rows in the schema of its one migration, which is written for both databases. */
async function copyPostgres(): Promise<Copy> {
  const url = await postgres.createDatabase();
  await using tables = await openPostgresTables(url);
  await tables.query(await readFile(fixtureOf("first-release.sql"), "utf8"));
  return { storage: { kind: "postgres", url }, openTables: () => openPostgresTables(url) };
}

function open({ storage }: Copy): Promise<ControlPlane> {
  return createControlPlane({
    storage,
    blobs: { kind: "memory" },
    masterKey: release.masterKey,
    publicUrl: URL_OF_RELEASE,
    rateLimits: false,
    clock,
    logger: { info() {}, warn() {}, error() {} },
  });
}

/** Calls a path as the first release's operator. */
async function operate<Answer>(plane: ControlPlane, path: string, body?: object): Promise<Answer> {
  const response = await plane.fetch(
    new Request(URL_OF_RELEASE + path, {
      headers: {
        authorization: `Bearer ${release.operatorToken}`,
        "content-type": "application/json",
      },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    }),
  );
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

function agentOf(plane: ControlPlane, { encrypted }: WireRequest): Holdpoint {
  return new Holdpoint({
    baseUrl: URL_OF_RELEASE,
    apiKey: release.apiKey,
    fetch: ((input, init) => plane.fetch(new Request(input, init))) as typeof fetch,
    ...(encrypted && { encryptionKey: release.encryptionKey }),
  });
}

const pending = release.requests.filter(({ status }) => status === "PENDING");
const answered = release.requests.filter(({ status }) => status !== "PENDING");

describe.each([
  ["SQLite", copySqlite],
  ["PostgreSQL", copyPostgres],
])("[P-UPGRADE] a database of the first release on %s", (_name, copy) => {
  test("answers every request and its history as that release did", async () => {
    await using plane = await open(await copy());
    for (const request of release.requests) {
      expect(await operate(plane, `/v1/requests/${request.id}`)).toMatchObject(request);
      const path = `/v1/requests/${request.id}/events`;
      const { data } = await operate<{ data: readonly object[] }>(plane, path);
      expect(data).toMatchObject([...(release.events[request.id] ?? [])]);
    }
  });

  test("lets agents read the answers they had, decrypted where they were encrypted", async () => {
    await using plane = await open(await copy());
    expect(answered.map(({ status }) => status)).toContain("APPROVED_WITH_MODIFICATIONS");
    for (const request of answered) {
      const { id, status, encrypted, patched_payload, payload } = request;
      const decision = await agentOf(plane, request).wait(id, { timeoutMs: 10_000 });
      expect(decision.status).toBe(status);
      if (!decision.approved) continue;
      const approved = encrypted ? { orderId: "A-6", amount: 6 } : (patched_payload ?? payload);
      expect(decision.approvedPayload).toEqual(approved);
      // Whether it has run, nobody has recorded.
      expect(decision).not.toHaveProperty("grant");
    }
  });

  test("lets people decide what was pending, and agents run it once, with receipts", async () => {
    await using plane = await open(await copy());
    expect(pending.map(({ encrypted }) => encrypted)).toEqual([false, false, true]);
    for (const request of pending) {
      const { id, revision, encrypted, payload } = request;
      const decided = await operate<WireRequest>(plane, `/v1/requests/${id}/decision`, {
        decision: "approve",
        revision,
        ...(!encrypted && { patched_payload: { ...(payload as object), amount: 1 } }),
      });
      const hp = agentOf(plane, request);
      const decision = await hp.wait(id);
      if (!decision.approved) throw new Error("Expected an approval.");
      const execution = await hp.executions.claim(decision);
      await hp.executions.commit(execution, { refunded: true });
      expect(await hp.executions.get(execution.id)).toMatchObject({
        status: "COMMITTED",
        result: { refunded: true },
      });
      const receipt = await operate<WireReceipt>(plane, `/v1/receipts/${decided.receipt_id}`);
      expect(receipt.log).toBeDefined();
    }
  });

  test("is unchanged when a migration fails", { timeout: 120_000 }, async () => {
    const untouched = await listTables(await copy());
    const upgraded = await copy();
    await (await open(upgraded)).close();
    const added = (await listTables(upgraded)).filter((name) => !untouched.includes(name));
    expect(added).toEqual(expect.arrayContaining(["executions", "receipts", "states"]));
    for (const name of added) {
      const spoilt = await copy();
      await using tables = await spoilt.openTables();
      await tables.query(`create table "${name}" (in_the_way integer)`);
      const before = await readEverything(tables);
      await expect(open(spoilt)).rejects.toThrow(name);
      expect(await readEverything(tables)).toEqual(before);
      await tables.query(`drop table "${name}"`);
      await (await open(spoilt)).close();
    }
  });
});

async function listTables(copied: Copy): Promise<readonly string[]> {
  await using tables = await copied.openTables();
  return await tables.names();
}
