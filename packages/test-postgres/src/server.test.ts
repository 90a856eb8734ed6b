import pg from "pg";
import { expect, inject, it } from "vitest";
import { createDatabase } from "./database.js";
import { startPostgres } from "./server.js";

async function query(url: string, text: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows[0];
  } finally {
    await client.end();
  }
}

it("gives every caller an empty database of its own", async () => {
  const cluster = inject("postgres");
  const [first, second] = await Promise.all([createDatabase(cluster), createDatabase(cluster)]);
  await query(first, "create table mine (id integer)");
  await expect(query(second, "select * from mine")).rejects.toMatchObject({ code: "42P01" });
});

it("refuses a server that is not the one it started", async () => {
  const cluster = inject("postgres");
  const before = await query(cluster.adminUrl, "select count(*) from pg_database");
  for (const token of ["holdpoint-test-other", ""]) {
    await expect(createDatabase({ ...cluster, token })).rejects.toThrow("found another one");
  }
  expect(await query(cluster.adminUrl, "select count(*) from pg_database")).toEqual(before);
});

it("keeps what was committed over a restart and over a crash", { timeout: 60_000 }, async () => {
  await using server = await startPostgres();
  const url = await server.createDatabase();
  await query(url, "create table kept as select 7 as value");
  await server.restart();
  expect(await query(url, "select value from kept")).toEqual({ value: 7 });
  await server.crash();
  await expect(query(url, "select 1")).rejects.toThrow();
  await server.start();
  expect(await query(url, "select value from kept")).toEqual({ value: 7 });
});
