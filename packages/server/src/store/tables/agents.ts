import type { Database, Transaction } from "../database.js";
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

/** The id of the agent of this name, which is made where the project has none. */
export async function ensureAgent(
  { db }: Transaction,
  agent: {
    readonly projectId: string;
    readonly agentName: string;
    readonly newAgentId: string;
    readonly createdAt: number;
  },
): Promise<string> {
  await db
    .insertInto("agents")
    .values({
      id: agent.newAgentId,
      project_id: agent.projectId,
      name: agent.agentName,
      created_at: agent.createdAt,
    })
    .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
    .execute();
  const { id } = await db
    .selectFrom("agents")
    .select("id")
    .where("project_id", "=", agent.projectId)
    .where("name", "=", agent.agentName)
    .executeTakeFirstOrThrow();
  return id;
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
