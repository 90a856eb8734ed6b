import type { GateSession } from "../../domain/identity/lease.js";
import type { Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { GateSessionRow } from "../schema.js";
import type { NewLease } from "../verbs/leases.js";
import { toSession } from "./lease-row.js";

/** The session of an agent, whatever its epoch. */
export async function findSession(
  { db }: Reader,
  dialect: Dialect,
  key: { readonly projectId: string; readonly agentId: string; readonly sessionId: string },
): Promise<GateSession | undefined> {
  const row = await db
    .selectFrom("gate_sessions")
    .innerJoin("agents", "agents.id", "gate_sessions.agent_id")
    .selectAll("gate_sessions")
    .select("agents.name as agent_name")
    .where("gate_sessions.id", "=", key.sessionId)
    .where("gate_sessions.project_id", "=", key.projectId)
    .where("gate_sessions.agent_id", "=", key.agentId)
    .executeTakeFirst();
  return row && toSession(row, row.agent_name, dialect);
}

/** The session that a lease goes on with, where it is of this epoch, or the one it begins. */
export async function openSession(
  transaction: Transaction,
  dialect: Dialect,
  { session, projectId, agent, issuedAt }: NewLease,
  epoch: number,
): Promise<GateSession | undefined> {
  if ("continue" in session) {
    const key = { projectId, agentId: agent.id, sessionId: session.continue };
    const standing = await findSession(transaction, dialect, key);
    return standing?.epoch === epoch ? standing : undefined;
  }
  const row: GateSessionRow = {
    id: session.id,
    project_id: projectId,
    agent_id: agent.id,
    scopes: dialect.encodeJson(session.scopes) as GateSessionRow["scopes"],
    epoch,
    calls: 0,
    max_calls: session.maxCalls ?? null,
    cost: 0,
    max_cost: session.maxCost ?? null,
    currency: session.currency ?? null,
    created_at: issuedAt,
  };
  await transaction.db.insertInto("gate_sessions").values(row).execute();
  return toSession(row, agent.name, dialect);
}
