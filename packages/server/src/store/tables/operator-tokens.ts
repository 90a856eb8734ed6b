import type { Database, Reader } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { OperatorTokenRow } from "../schema.js";
import type { OperatorToken, OperatorTokenStore } from "../store.js";
import { validity } from "./credential.js";
import { createTouch } from "./touch.js";

export function createOperatorTokenStore({ read, write, dialect }: Database): OperatorTokenStore {
  const findByHash = prepareQuery((reader, token: { readonly secretHash: string }) =>
    selectTokens(reader).where("secret_hash", "=", token.secretHash),
  );

  function toToken(row: OperatorTokenRow): OperatorToken {
    return {
      id: row.id,
      projectId: row.project_id,
      operatorId: row.operator_id,
      name: row.name,
      hint: row.hint,
      ...validity(row, dialect),
    };
  }

  async function load(reader: Reader, projectId: string, operatorId: string, tokenId: string) {
    const row = await selectTokens(reader)
      .where("project_id", "=", projectId)
      .where("operator_id", "=", operatorId)
      .where("id", "=", tokenId)
      .executeTakeFirst();
    return row && toToken(row);
  }

  return {
    create: ({ secretHash, ...token }) =>
      write(async (transaction) => {
        const { projectId, operatorId, id } = token;
        await transaction.db
          .insertInto("operator_tokens")
          .values({
            id: token.id,
            project_id: token.projectId,
            operator_id: token.operatorId,
            name: token.name,
            secret_hash: secretHash,
            hint: token.hint,
            created_at: token.createdAt,
            expires_at: token.expiresAt ?? null,
            last_used_at: token.lastUsedAt ?? null,
            revoked_at: token.revokedAt ?? null,
          })
          // Of either constraint: the same made twice at once may meet in its secret first.
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const made = await load(transaction, projectId, operatorId, id);
        if (made === undefined) throw new Error("Expected the token that was just made.");
        return made;
      }),
    async list(projectId, operatorId) {
      const rows = await read((reader) =>
        selectTokens(reader)
          .where("project_id", "=", projectId)
          .where("operator_id", "=", operatorId)
          .orderBy("created_at", "desc")
          .orderBy("id", "desc")
          .execute(),
      );
      return rows.map(toToken);
    },
    async findByHash(secretHash) {
      const { rows } = await read((reader) => findByHash(reader, { secretHash }));
      return rows[0] && toToken(rows[0]);
    },
    revoke: (projectId, operatorId, tokenId, at) =>
      write(async (transaction) => {
        await transaction.db
          .updateTable("operator_tokens")
          .set({ revoked_at: at })
          .where("project_id", "=", projectId)
          .where("operator_id", "=", operatorId)
          .where("id", "=", tokenId)
          .where("revoked_at", "is", null)
          .execute();
        return load(transaction, projectId, operatorId, tokenId);
      }),
    touch: createTouch((id, at, before) =>
      write(async ({ db }) => {
        await db
          .updateTable("operator_tokens")
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

function selectTokens({ db }: Reader) {
  return db.selectFrom("operator_tokens").selectAll();
}
