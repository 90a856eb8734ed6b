import type { Selectable } from "kysely";
import { type AgentKey, attestKey } from "../../domain/escrow-key.js";
import type { Database, Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { AgentKeyRow } from "../schema.js";
import type { AgentKeyStore } from "../verbs/escrows.js";
import type { KeyRing } from "./key-ring.js";

/** Keys of one agent: each is there for good. */
const MAX_KEYS = 100;

/** @param ring - Its receipts' key attests whose a key is. */
export function createAgentKeyStore(
  { read, write, dialect }: Database,
  ring: KeyRing,
): AgentKeyStore {
  return {
    register: (key) =>
      write(async (transaction) => {
        const { db } = transaction;
        const { projectId, keyId, agent, x, createdAt } = key;
        // Of two at once that register its last one, one counts the other.
        await dialect.lockName(db, `agent-keys ${agent.id}`, "alone");
        const standing = await findRow(transaction, projectId, keyId);
        if (standing !== undefined) {
          if (standing.agent_id !== agent.id) return { outcome: "taken" };
          return { outcome: "replayed", key: toAgentKey(standing, dialect) };
        }
        const kept = await selectKeys(transaction, projectId)
          .where("agent_keys.agent_id", "=", agent.id)
          .execute();
        if (kept.length >= MAX_KEYS) return { outcome: "too_many" };
        const attestation = attestKey(await ring.signer(transaction, "receipt", createdAt), key);
        const inserted = await db
          .insertInto("agent_keys")
          .values({
            project_id: projectId,
            key_id: keyId,
            agent_id: agent.id,
            x,
            created_at: createdAt,
            attestation,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (inserted.numInsertedOrUpdatedRows !== 1n) return { outcome: "taken" };
        return { outcome: "registered", key: { ...key, attestation } };
      }),
    async find(projectId, keyId) {
      const row = await read((reader) => findRow(reader, projectId, keyId));
      return row && toAgentKey(row, dialect);
    },
    async list(projectId, agentId) {
      const rows = await read((reader) => {
        const keys = selectKeys(reader, projectId);
        return agentId === undefined
          ? keys.execute()
          : keys.where("agent_keys.agent_id", "=", agentId).execute();
      });
      return rows.map((row) => toAgentKey(row, dialect));
    },
  };
}

function findRow(reader: Reader, projectId: string, keyId: string) {
  return selectKeys(reader, projectId).where("key_id", "=", keyId).executeTakeFirst();
}

function selectKeys({ db }: Reader, projectId: string) {
  return db
    .selectFrom("agent_keys")
    .innerJoin("agents", "agents.id", "agent_keys.agent_id")
    .selectAll("agent_keys")
    .select("agents.name as agent_name")
    .where("agent_keys.project_id", "=", projectId)
    .orderBy("agent_keys.created_at", "desc")
    .orderBy("agent_keys.key_id", "desc")
    .limit(1_000);
}

function toAgentKey(
  row: Selectable<AgentKeyRow> & { readonly agent_name: string },
  dialect: Dialect,
): AgentKey {
  return {
    keyId: row.key_id,
    projectId: row.project_id,
    agent: { id: row.agent_id, name: row.agent_name },
    x: row.x,
    createdAt: dialect.decodeInteger(row.created_at),
    attestation: row.attestation,
  };
}
