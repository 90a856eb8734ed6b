import { createDatabase } from "@holdpoint/test-postgres";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import type { Database } from "../../database.js";
import { openPostgres } from "./open.js";

const POOL_SIZE = 4;
let database: Database;
beforeEach(async () => {
  database = await openPostgres(await createDatabase(inject("postgres")), POOL_SIZE);
  await database.alter((db) =>
    sql`create table counters as select id, 0 as value from generate_series(1, 4) id`.execute(db),
  );
});
afterEach(() => database.close());

const add = (id: number) => sql`update counters set value = value + 1 where id = ${id}`;
const sum = async () =>
  (
    await database.read(({ db }) =>
      sql<{ all: number }>`select sum(value) as all from counters`.execute(db),
    )
  ).rows[0]?.all;

it("goes on after every commit, however few write", async () => {
  const url = await createDatabase(inject("postgres"));
  const small = await openPostgres(url, 2);
  for (let round = 0; round < 100; round += 1) {
    await small.write(({ db }) => sql`select 1`.execute(db));
  }
  await small.close();
});

it("lets transactions pass that lock each other out", { timeout: 60_000 }, async () => {
  const pairs = [
    [1, 2],
    [2, 1],
    [3, 4],
    [4, 3],
    [2, 3],
    [3, 2],
  ] as const;
  await Promise.all(
    Array.from({ length: 60 }, (_, index) => {
      const [first, second] = pairs[index % pairs.length] ?? [1, 2];
      return database.write(async ({ db }) => {
        await add(first).execute(db);
        await add(second).execute(db);
      });
    }),
  );
  expect(await sum()).toBe(120);
});

it("undoes a mutation that fails, and only that one", async () => {
  const settled = await Promise.allSettled(
    Array.from({ length: 30 }, (_, index) =>
      database.write(async ({ db }) => {
        await add(1).execute(db);
        if (index % 3 === 0) throw new RangeError("no");
      }),
    ),
  );
  expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(10);
  expect(await sum()).toBe(20);
});

it("acknowledges nothing that PostgreSQL has undone behind a mutation's back", async () => {
  const swallowing = database.write(async ({ db }) => {
    await add(1).execute(db);
    await sql`select 1 / 0`.execute(db).catch(() => {});
  });
  await expect(swallowing).rejects.toThrow("Expected the transaction to be committed");
  expect(await sum()).toBe(0);
});

it("says that a lost connection passes, and works on with another", async () => {
  const lost = database.write(async ({ db }) => {
    await add(1).execute(db);
    await sql`select pg_terminate_backend(pg_backend_pid())`.execute(db);
  });
  await expect(lost).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await database.write(({ db }) => add(2).execute(db));
  expect(await sum()).toBe(1);
});

it("reads and writes on when a newer version has changed a table", async () => {
  const read = () =>
    database.read(({ db }) => sql`select * from counters where id = ${1}`.execute(db));
  const write = () =>
    database.write(({ db }) =>
      sql`update counters set value = value + 1 where id = ${1} returning *`.execute(db),
    );
  for (let round = 0; round < POOL_SIZE; round += 1) await Promise.all([read(), write()]);
  await database.alter((db) => sql`alter table counters add column note text`.execute(db));
  expect((await read()).rows[0]).toHaveProperty("note");
  expect((await write()).rows[0]).toHaveProperty("note");
});
