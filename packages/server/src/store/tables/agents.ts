import type { Database } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { Agent, AgentStore } from "../store.js";

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
      return rows.map((row) => toAgent(row, dialect));
    },
    async find(projectId, agentId) {
      const row = await read(({ db }) =>
        db
          .selectFrom("agents")
          .selectAll()
          .where("id", "=", agentId)
          .where("project_id", "=", projectId)
          .executeTakeFirst(),
      );
      return row && toAgent(row, dialect);
    },
  };
}

function toAgent(
  row: { id: string; project_id: string; name: string; created_at: number },
  dialect: Dialect,
): Agent {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    createdAt: dialect.decodeInteger(row.created_at),
  };
}
