import { sql } from "kysely";
import { afterEach, beforeEach, expect, it } from "vitest";
import { NOW } from "../../conformance/fixture.js";
import type { Database, Transaction } from "../../database.js";
import { migrate } from "../../migrations/migrate.js";
import { openSqliteMemory } from "./open.js";

let database: Database;
beforeEach(async () => {
  database = await openSqliteMemory();
  await migrate(database);
});
afterEach(() => database.close());

function insertProject({ db }: Transaction, id: string) {
  return db.insertInto("projects").values({ id, name: id, created_at: NOW }).execute();
}

async function listProjects(): Promise<string[]> {
  const rows = await database.read(({ db }) =>
    db.selectFrom("projects").select("id").orderBy("id").execute(),
  );
  return rows.map(({ id }) => id);
}

it("fails everybody in a batch whose commit fails, keeps nothing of it, and goes on", async () => {
  const settled = await Promise.allSettled([
    database.write((transaction) => insertProject(transaction, "a")),
    database.write(async ({ db }) => {
      // Checked at the commit only, which thereby fails.
      await sql`pragma defer_foreign_keys = on`.execute(db);
      const orphan = { id: "agt", project_id: "missing", name: "orphan", created_at: NOW };
      await db.insertInto("agents").values(orphan).execute();
    }),
    database.write((transaction) => insertProject(transaction, "b")),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await listProjects()).toEqual([]);
  await database.write((transaction) => insertProject(transaction, "c"));
  expect(await listProjects()).toEqual(["c"]);
});

it("answers nobody of a batch whose transaction is lost halfway", async () => {
  const settled = await Promise.allSettled([
    database.write((transaction) => insertProject(transaction, "a")),
    database.write(async ({ db }) => {
      await sql`rollback`.execute(db);
    }),
    database.write((transaction) => insertProject(transaction, "b")),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await listProjects()).toEqual([]);
});

it("undoes a mutation that throws after writing, and hands its error to its caller", async () => {
  const failure = new Error("changed my mind");
  const settled = await Promise.allSettled([
    database.write((transaction) => insertProject(transaction, "a")),
    database.write(async (transaction) => {
      await insertProject(transaction, "b");
      throw failure;
    }),
    database.write((transaction) => insertProject(transaction, "c")),
  ]);
  expect(settled[1]).toEqual({ status: "rejected", reason: failure });
  expect(await listProjects()).toEqual(["a", "c"]);
});

it("shows a read in memory nothing that is not committed", async () => {
  let read: Promise<string[]> | undefined;
  await database.write(async (transaction) => {
    await insertProject(transaction, "a");
    read = listProjects();
    await new Promise((resolve) => setImmediate(resolve));
    await insertProject(transaction, "b");
  });
  expect(await read).toEqual(["a", "b"]);
});

it("settles everything queued before it closes", async () => {
  const writes = Array.from({ length: 300 }, (_, index) =>
    database.write((transaction) => insertProject(transaction, String(index))),
  );
  await database.close();
  const settled = await Promise.allSettled(writes);
  expect(settled.every(({ status }) => status === "fulfilled")).toBe(true);
  database = await openSqliteMemory();
});

it("keeps the sign-in library's transactions apart from the batches", async () => {
  const aborted = database.auth.db.transaction().execute(async (transaction) => {
    const mine = { db: transaction, writes: true } as Transaction;
    await insertProject(mine, "aborted");
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error("aborted");
  });
  const writes = Array.from({ length: 20 }, (_, index) =>
    database.write((transaction) => insertProject(transaction, `p${index}`)),
  );
  await expect(aborted).rejects.toThrow("aborted");
  await Promise.all(writes);
  expect(await listProjects()).toHaveLength(20);
});
