import type { Database } from "../database.js";
import type { AgentStore } from "../store.js";

export function createAgentStore({ read, dialect }: Database): AgentStore {
  return {
    async list(projectId) {
      const rows = await read(({ db }) =>
        db
          .selectFrom("agents")
          .selectAll()
          .where("project_id", "=", projectId)
          .orderBy("name")
          .execute(),
      );
      return rows.map((row) => ({
        id: row.id,
        projectId: row.project_id,
        name: row.name,
        createdAt: dialect.decodeInteger(row.created_at),
      }));
    },
  };
}
