import type { ApiKeyScope } from "@holdpoint/protocol";
import type { Database, Reader } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { ApiKeyRow } from "../schema.js";
import type { ApiKey, ApiKeyStore } from "../store.js";
import { ensureAgent } from "./agents.js";
import { validity } from "./credential.js";
import { createTouch } from "./touch.js";

export function createApiKeyStore({ read, write, dialect }: Database): ApiKeyStore {
  const findByHash = prepareQuery((reader, key: { readonly secretHash: string }) =>
    selectKeys(reader).where("api_keys.secret_hash", "=", key.secretHash),
  );

  function toKey(row: JoinedRow): ApiKey {
    return {
      id: row.id,
      projectId: row.project_id,
      agent: { id: row.agent_id, name: row.agent_name },
      hint: row.hint,
      scopes: dialect.decodeJson(row.scopes) as ApiKeyScope[],
      ...validity(row, dialect),
    };
  }

  async function load(reader: Reader, projectId: string, keyId: string) {
    const row = await selectKeys(reader)
      .where("api_keys.project_id", "=", projectId)
      .where("api_keys.id", "=", keyId)
      .executeTakeFirst();
    return row && toKey(row);
  }

  return {
    create: (key) =>
      write(async (transaction) => {
        const agentId = await ensureAgent(transaction, key);
        await transaction.db
          .insertInto("api_keys")
          .values({
            id: key.id,
            project_id: key.projectId,
            agent_id: agentId,
            secret_hash: key.secretHash,
            hint: key.hint,
            scopes: dialect.encodeJson(key.scopes),
            created_at: key.createdAt,
            expires_at: key.expiresAt ?? null,
            last_used_at: key.lastUsedAt ?? null,
            revoked_at: key.revokedAt ?? null,
          })
          .onConflict((conflict) => conflict.column("id").doNothing())
          .execute();
        return (await load(transaction, key.projectId, key.id)) as ApiKey;
      }),
    async list(projectId) {
      const rows = await read((reader) =>
        selectKeys(reader)
          .where("api_keys.project_id", "=", projectId)
          .orderBy("api_keys.created_at", "desc")
          .orderBy("api_keys.id", "desc")
          .execute(),
      );
      return rows.map(toKey);
    },
    async findByHash(secretHash) {
      const { rows } = await read((reader) => findByHash(reader, { secretHash }));
      return rows[0] && toKey(rows[0]);
    },
    revoke: (projectId, keyId, at) =>
      write(async (transaction) => {
        await transaction.db
          .updateTable("api_keys")
          .set({ revoked_at: at })
          .where("project_id", "=", projectId)
          .where("id", "=", keyId)
          .where("revoked_at", "is", null)
          .execute();
        return load(transaction, projectId, keyId);
      }),
    touch: createTouch((id, at, before) =>
      write(async ({ db }) => {
        await db
          .updateTable("api_keys")
          .set({ last_used_at: at })
          .where("id", "=", id)
          .where((where) =>
            where.or([where("last_used_at", "is", null), where("last_used_at", "<=", before)]),
          )
          .execute();
      }),
    ),
  };
}

type JoinedRow = Omit<ApiKeyRow, "secret_hash"> & { readonly agent_name: string };

function selectKeys({ db }: Reader) {
  return db
    .selectFrom("api_keys")
    .innerJoin("agents", "agents.id", "api_keys.agent_id")
    .select([
      "api_keys.id",
      "api_keys.project_id",
      "api_keys.agent_id",
      "agents.name as agent_name",
      "api_keys.hint",
      "api_keys.scopes",
      "api_keys.created_at",
      "api_keys.expires_at",
      "api_keys.last_used_at",
      "api_keys.revoked_at",
    ]);
}
