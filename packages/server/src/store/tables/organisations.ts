import type { Database, Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { Organisation, OrganisationStore } from "../verbs/organisations.js";

export function createOrganisationStore({ read, write, dialect }: Database): OrganisationStore {
  return {
    create: ({ id, name, createdAt }, projectIds) =>
      write(async (transaction) => {
        const standing = await load(transaction, dialect, [id]);
        if (standing[0] !== undefined) return standing[0];
        const members = await lockProjects(transaction, dialect, id, projectIds);
        if (members.some(({ organisation_id }) => organisation_id !== null)) return "taken";
        await transaction.db
          .insertInto("organisations")
          .values({ id, name, created_at: createdAt })
          .onConflict((conflict) => conflict.column("id").doNothing())
          .execute();
        await join(transaction, id, projectIds);
        return loadOne(transaction, dialect, id);
      }),
    change: (id, { name, projectIds }, administeredIds) =>
      write(async (transaction) => {
        const { db } = transaction;
        const rows = await lockProjects(transaction, dialect, id, projectIds ?? []);
        const members = rows.filter(({ organisation_id }) => organisation_id === id);
        if (members.length === 0) return undefined;
        if (members.some((member) => !administeredIds.includes(member.id))) return undefined;
        const elsewhere = [id, null];
        if (rows.some(({ organisation_id }) => !elsewhere.includes(organisation_id)))
          return "taken";
        if (name !== undefined) {
          await db.updateTable("organisations").set({ name }).where("id", "=", id).execute();
        }
        if (projectIds !== undefined) await join(transaction, id, projectIds);
        return loadOne(transaction, dialect, id);
      }),
    findOfProject: (projectId) =>
      read(async (reader) => (await loadOfProjects(reader, dialect, [projectId]))[0]),
    listOfProjects: (projectIds) => read((reader) => loadOfProjects(reader, dialect, projectIds)),
  };
}

/** Those that are to be in it and those that are, in one order, so that nobody else moves them. */
function lockProjects(
  { db }: Transaction,
  dialect: Dialect,
  organisationId: string,
  projectIds: readonly string[],
) {
  const projects = db
    .selectFrom("projects")
    .select(["id", "organisation_id"])
    .where((where) =>
      where.or([
        where("organisation_id", "=", organisationId),
        ...(projectIds.length > 0 ? [where("id", "in", projectIds)] : []),
      ]),
    )
    .orderBy("id");
  return dialect.lockRows(projects, "wait").execute();
}

/** These projects are in it from now on, and no others. */
async function join(
  { db }: Transaction,
  organisationId: string,
  projectIds: readonly string[],
): Promise<void> {
  await db
    .updateTable("projects")
    .set({ organisation_id: null })
    .where("organisation_id", "=", organisationId)
    .execute();
  if (projectIds.length === 0) return;
  await db
    .updateTable("projects")
    .set({ organisation_id: organisationId })
    .where("id", "in", projectIds)
    .execute();
}

async function loadOfProjects(
  reader: Reader,
  dialect: Dialect,
  projectIds: readonly string[],
): Promise<readonly Organisation[]> {
  if (projectIds.length === 0) return [];
  const rows = await reader.db
    .selectFrom("projects")
    .select("organisation_id")
    .distinct()
    .where("id", "in", projectIds)
    .where("organisation_id", "is not", null)
    .execute();
  return load(
    reader,
    dialect,
    rows.map(({ organisation_id }) => organisation_id as string),
  );
}

async function loadOne(reader: Reader, dialect: Dialect, id: string): Promise<Organisation> {
  const [organisation] = await load(reader, dialect, [id]);
  return organisation as Organisation;
}

async function load(
  { db }: Reader,
  dialect: Dialect,
  ids: readonly string[],
): Promise<readonly Organisation[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("organisations")
    .selectAll()
    .where("id", "in", ids)
    .orderBy("name")
    .orderBy("id")
    .execute();
  const projects = await db
    .selectFrom("projects")
    .select(["id", "name", "organisation_id"])
    .where("organisation_id", "in", ids)
    .orderBy("name")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: dialect.decodeInteger(row.created_at),
    projects: projects
      .filter(({ organisation_id }) => organisation_id === row.id)
      .map(({ id, name }) => ({ id, name })),
  }));
}
