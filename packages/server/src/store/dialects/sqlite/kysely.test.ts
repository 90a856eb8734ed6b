import { type Kysely, Migrator } from "kysely";
import { expect, it } from "vitest";
import { openSqliteMemory } from "./open.js";

it("undoes a migration that fails halfway, and the ones before it", async () => {
  const { auth, close } = await openSqliteMemory();
  const createTable = (name: string) => async (db: Kysely<unknown>) => {
    await db.schema.createTable(name).addColumn("id", "text").execute();
  };
  const broken = async (db: Kysely<unknown>) => {
    await createTable("second")(db);
    throw new Error("halfway");
  };
  const migrations = { "0001": { up: createTable("first") }, "0002": { up: broken } };
  const migrator = new Migrator({
    db: auth.db,
    provider: { getMigrations: async () => migrations },
  });
  const { error } = await migrator.migrateToLatest();
  expect(error).toMatchObject({ message: "halfway" });
  const tables = await auth.db.introspection.getTables();
  expect(tables.map(({ name }) => name).filter((name) => !name.startsWith("kysely"))).toEqual([]);
  await close();
});
