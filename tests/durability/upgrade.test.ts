import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { WireRequest } from "@holdpoint/protocol";
import { Holdpoint } from "@holdpoint/sdk";
import { type ControlPlane, createControlPlane } from "@holdpoint/server";
import { describe, expect, test } from "vitest";
import { createFolder } from "../harness/folder.js";
import { openSqliteTables, readEverything } from "../harness/tables.js";

/** A database as the first release left it, and what that release answered about it. */
interface FirstRelease {
  readonly madeAt: string;
  readonly masterKey: string;
  readonly encryptionKey: string;
  readonly apiKey: string;
  readonly operatorToken: string;
  readonly requests: readonly WireRequest[];
  readonly events: Readonly<Record<string, readonly object[]>>;
}

const fixtureOf = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const release = JSON.parse(await readFile(fixtureOf("first-release.json"), "utf8")) as FirstRelease;
const URL_OF_RELEASE = "https://holdpoint.example.com";

/** An hour after the release's last act, when nothing that was pending has expired. */
const clock = {
  now: () => Date.parse(release.madeAt) + 3_600_000,
  setTimer: () => () => {},
};

async function copyDatabase(folder: string, name = "holdpoint.db"): Promise<string> {
  const path = join(folder, name);
  await copyFile(fixtureOf("first-release.db"), path);
  return path;
}

function open(path: string): Promise<ControlPlane> {
  return createControlPlane({
    storage: { kind: "sqlite", path },
    masterKey: release.masterKey,
    publicUrl: URL_OF_RELEASE,
    rateLimits: false,
    clock,
    logger: { info() {}, warn() {}, error() {} },
  });
}

/** Calls a path as the first release's operator. */
async function operate(plane: ControlPlane, path: string, body?: object): Promise<unknown> {
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
  return response.json();
}

function agentOf(plane: ControlPlane, encryptionKey?: string): Holdpoint {
  return new Holdpoint({
    baseUrl: URL_OF_RELEASE,
    apiKey: release.apiKey,
    fetch: ((input, init) => plane.fetch(new Request(input, init))) as typeof fetch,
    ...(encryptionKey && { encryptionKey }),
  });
}

const pending = release.requests.filter(({ status }) => status === "PENDING");

describe("[P-UPGRADE] a database of the first release", () => {
  test("answers every request and its history as that release did", async () => {
    await using folder = await createFolder();
    await using plane = await open(await copyDatabase(folder.path));
    for (const request of release.requests) {
      expect(await operate(plane, `/v1/requests/${request.id}`)).toMatchObject(request);
      const { data } = (await operate(plane, `/v1/requests/${request.id}/events`)) as {
        data: readonly object[];
      };
      expect(data).toMatchObject([...(release.events[request.id] ?? [])]);
    }
  });

  test("lets agents read the answers they had, decrypted where they were encrypted", async () => {
    await using folder = await createFolder();
    await using plane = await open(await copyDatabase(folder.path));
    for (const { id, status, encrypted, patched_payload, payload } of release.requests) {
      if (status === "PENDING") continue;
      const agent = agentOf(plane, encrypted ? release.encryptionKey : undefined);
      const decision = await agent.wait(id, { timeoutMs: 10_000 });
      expect(decision.status).toBe(status);
      if (!decision.approved) continue;
      const approved = encrypted ? { orderId: "A-6", amount: 6 } : (patched_payload ?? payload);
      expect(decision.approvedPayload).toEqual(approved);
    }
  });

  test("lets people decide what was pending, and agents run it", async () => {
    await using folder = await createFolder();
    const path = await copyDatabase(folder.path);
    expect(pending.map(({ encrypted }) => encrypted)).toEqual([false, false, true]);
    for (const { id, revision, encrypted, payload } of pending) {
      await using plane = await open(path);
      const patched_payload = encrypted ? undefined : { ...(payload as object), amount: 1 };
      await operate(plane, `/v1/requests/${id}/decision`, {
        decision: "approve",
        revision,
        ...(patched_payload && { patched_payload }),
      });
      const request = (await operate(plane, `/v1/requests/${id}`)) as WireRequest;
      expect(request.grant).toMatchObject({ revision: revision + 1 });
    }
  });

  test("is unchanged when a migration fails, and opens once what was in its way is gone", async () => {
    await using folder = await createFolder();
    const before = await openAndList(await copyDatabase(folder.path, "before.db"));
    const upgraded = await copyDatabase(folder.path, "upgraded.db");
    await (await open(upgraded)).close();
    const added = (await openAndList(upgraded)).filter((name) => !before.includes(name));
    expect(added.length).toBeGreaterThan(2);
    for (const name of added) {
      const path = await copyDatabase(folder.path, `${name}.db`);
      const planted = await queryOnce(path, `create table "${name}" (in_the_way integer)`);
      await expect(open(path)).rejects.toThrow(name);
      await using tables = await openSqliteTables(path);
      expect(await readEverything(tables)).toEqual(planted);
    }
  });
});

async function openAndList(path: string): Promise<readonly string[]> {
  await using tables = await openSqliteTables(path);
  return await tables.names();
}

/** Everything there is after one statement. */
async function queryOnce(path: string, sql: string) {
  await using tables = await openSqliteTables(path);
  await tables.query(sql);
  return await readEverything(tables);
}
