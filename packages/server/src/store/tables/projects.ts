import type { Database, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { ProjectRow } from "../schema.js";
import type { Project, ProjectStore } from "../store.js";

export function createProjectStore({ read, write, dialect }: Database): ProjectStore {
  async function insert({ db }: Transaction, { id, name, createdAt }: Project, operatorId: string) {
    await db
      .insertInto("projects")
      .values({ id, name, created_at: createdAt })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
    await db
      .insertInto("memberships")
      .values({
        project_id: id,
        operator_id: operatorId,
        roles: dialect.encodeJson(["admin"]),
        created_at: createdAt,
      })
      .onConflict((conflict) => conflict.columns(["project_id", "operator_id"]).doNothing())
      .execute();
  }

  return {
    create: (project, adminOperatorId) =>
      write((transaction) => insert(transaction, project, adminOperatorId)),
    ensureFirst: (project, adminOperatorId) =>
      write(async (transaction) => {
        const { db } = transaction;
        // Held until the end, so that of several who start together one makes the project.
        const operator = db.selectFrom("user").select("id").where("id", "=", adminOperatorId);
        await dialect.lockRows(operator, "wait").executeTakeFirstOrThrow();
        const standing = await db
          .selectFrom("memberships")
          .innerJoin("projects", "projects.id", "memberships.project_id")
          .select("projects.id")
          .where("memberships.operator_id", "=", adminOperatorId)
          .orderBy("projects.created_at")
          .orderBy("projects.id")
          .limit(1)
          .executeTakeFirst();
        if (standing !== undefined) return { projectId: standing.id, created: false };
        await insert(transaction, project, adminOperatorId);
        return { projectId: project.id, created: true };
      }),
    async find(projectId) {
      const row = await read(({ db }) =>
        db.selectFrom("projects").selectAll().where("id", "=", projectId).executeTakeFirst(),
      );
      return row && toProject(row, dialect);
    },
    async count() {
      const row = await read(({ db }) =>
        db
          .selectFrom("projects")
          .select(({ fn }) => fn.countAll().as("projects"))
          .executeTakeFirstOrThrow(),
      );
      return dialect.decodeInteger(row.projects);
    },
  };
}

export function toProject(row: ProjectRow, dialect: Dialect): Project {
  return { id: row.id, name: row.name, createdAt: dialect.decodeInteger(row.created_at) };
}
