import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { createControlPlane } from "@holdpoint/server";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createFolder } from "../harness/folder.js";
import { createRandom } from "../harness/random.js";
import { openSqliteTables, type Tables } from "../harness/tables.js";
import { readFound } from "./found.js";
import { Ledger } from "./ledger.js";
import { write } from "./load.js";
import { findFaults } from "./oracle.js";

const folder = await createFolder();
const ledger = new Ledger();
const sound = join(folder.path, "holdpoint.db");

/** A database after some load, with everything that was answered about it. */
beforeAll(async () => {
  const plane = await createControlPlane({
    storage: { kind: "sqlite", path: sound },
    masterKey: Buffer.alloc(32, 8).toString("base64url"),
    rateLimits: false,
    logger: { info() {}, warn() {}, error() {} },
  });
  const { projectId, operatorId } = await plane.admin.bootstrap({
    email: "ada@example.com",
    name: "Ada Lovelace",
    projectName: "Acme",
  });
  const { url } = await plane.start({ port: 0, hostname: "127.0.0.1" });
  const { apiKey } = await plane.admin.createApiKey(projectId, { agent: "billing-bot" });
  const { token: operatorToken } = await plane.admin.createOperatorToken(projectId, operatorId, {
    name: "test",
  });
  const stop = new AbortController();
  const writing = write({ url, apiKey, operatorToken }, ledger, createRandom(7), stop.signal);
  await vi.waitUntil(() => ledger.size > 150, { timeout: 30_000 });
  stop.abort();
  await writing;
  await using tables = await openSqliteTables(sound);
  await vi.waitUntil(async () => (await countUnlogged(tables)) === 0, { timeout: 10_000 });
  await plane.close();
  return () => folder[Symbol.asyncDispose]();
});

async function countUnlogged(tables: Tables): Promise<number> {
  return (await tables.query("select id from receipts where log_index is null")).length;
}

const someSettled = "(select request_id from executions where status = 'COMMITTED' limit 1)";
const someReceipt = "(select id from receipts where log_index = 5)";
/** Rows of events count up by themselves, so a copy leaves the sequence out. */
const copyEvent = (where: string, id = "'evt_planted'") => `
  insert into events (id, project_id, request_id, agent_id, type, status, at, actor_type, actor_id)
  select ${id}, project_id, request_id, agent_id, type, status, at, actor_type, actor_id
  from events where ${where} limit 1`;

test("finds nothing wrong where nothing is", async () => {
  await using tables = await openSqliteTables(sound);
  const found = await readFound(tables);
  expect(found.executions.length).toBeGreaterThan(5);
  expect(ledger.receipts.size).toBeGreaterThan(1);
  expect(findFaults(ledger, found)).toEqual([]);
});

test.each([
  ["a lost request", [`delete from requests where id = ${someSettled}`], /: lost$/],
  [
    "a decision that was taken back",
    [`update requests set status = 'PENDING' where id = ${someSettled}`],
    /status APPROVED\w* was acknowledged, PENDING is there/,
  ],
  [
    "a request decided twice",
    [copyEvent(`type = 'request.approved' and request_id = ${someSettled}`)],
    /decided 2 times/,
  ],
  [
    "a request made twice",
    [copyEvent(`type = 'request.created' and request_id = ${someSettled}`)],
    /made 2 times/,
  ],
  [
    "a grant claimed twice",
    [copyEvent(`type = 'execution.claimed' and request_id = ${someSettled}`)],
    /claimed 2 times/,
  ],
  [
    "a claim that went to somebody else",
    [`update executions set id = 'exe_other' where request_id = ${someSettled}`],
    /claim exe_\w+ lost, exe_other is there/,
  ],
  [
    "one grant for two requests",
    ["update requests set grant_id = 'gnt_same' where grant_id is not null"],
    /gnt_same: grant of two requests/,
  ],
  [
    "a result that was lost",
    [
      `update executions set status = 'CLAIMED' where request_id = ${someSettled}`,
      "update requests set execution_status = (select status from executions where request_id = requests.id) where execution_status <> 'NONE'",
    ],
    /execution COMMITTED was acknowledged, CLAIMED is there/,
  ],
  [
    "a call under one key that was done twice",
    [
      "update operator_tokens set name = (select name from operator_tokens where name like 'key-%' limit 1) where name like 'key-%'",
    ],
    /made twice under one key/,
  ],
  [
    "what was made under a key and lost",
    ["delete from operator_tokens where name like 'key-%'"],
    /what was made under it is lost/,
  ],
  ["a missing receipt", [`delete from receipts where id = ${someReceipt}`], /has no receipt/],
  [
    "an event without receipt",
    [copyEvent("type = 'request.created'", "'evt_01h455vb4pex5vsknk084sn02q'")],
    /evt_01h455vb4pex5vsknk084sn02q: has no receipt/,
  ],
  [
    "a receipt signed by nobody",
    [
      `update receipts set jws = substr(jws, 1, length(jws) - 10) || 'AAAAAAAAAA' where id = ${someReceipt}`,
    ],
    /signature does not verify/,
  ],
  [
    "a receipt of another event",
    [
      "update receipts set jws = (select jws from receipts where log_index = 6) where log_index = 5",
    ],
    /says something else/,
  ],
  [
    "an answered receipt that changed",
    ["update receipts set jws = (select jws from receipts where log_index = 0)"],
    /another receipt than was answered/,
  ],
  [
    "a log with a gap",
    ["update receipts set log_index = log_index + 1 where log_index > 5"],
    /the log has a gap/,
  ],
  [
    "a log whose entries changed places",
    [
      "update receipts set log_index = 1000000 where log_index = 2",
      "update receipts set log_index = 2 where log_index = 3",
      "update receipts set log_index = 3 where log_index = 1000000",
    ],
    /checkpoint \d+ is not of this log/,
  ],
  [
    "a log that was cut",
    ["update receipts set log_index = null where log_index > 5"],
    /its head says|is not of this log/,
  ],
] as const)("finds %s", async (name, damage, fault) => {
  const path = join(folder.path, `${name}.db`);
  await copyFile(sound, path);
  const tables = await openSqliteTables(path);
  onTestFinished(() => tables[Symbol.asyncDispose]());
  await tables.query("pragma foreign_keys = off");
  for (const sql of damage) await tables.query(sql);
  expect(findFaults(ledger, await readFound(tables))).toContainEqual(expect.stringMatching(fault));
});
