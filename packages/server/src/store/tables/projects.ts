import type { Database } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { ProjectRow } from "../schema.js";
import type { Project, ProjectStore } from "../store.js";

export function createProjectStore({ read, write, dialect }: Database): ProjectStore {
  return {
    create: ({ id, name, createdAt }, adminOperatorId) =>
      write(async ({ db }) => {
        await db.insertInto("projects").values({ id, name, created_at: createdAt }).execute();
        await db
          .insertInto("memberships")
          .values({
            project_id: id,
            operator_id: adminOperatorId,
            roles: dialect.encodeJson(["admin"]),
            created_at: createdAt,
          })
          .execute();
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
