import type { Database, Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { SecretRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { Secret, SecretStore } from "../verbs/actions.js";
import { actorIn, toActorColumns } from "./columns.js";

/** Secrets of one project. */
const MAX_SECRETS = 1_000;

export function createSecretStore({ read, write, dialect }: Database, vault: Vault): SecretStore {
  return {
    set({ value, ...secret }) {
      const row = toRow(secret, value, vault);
      return write(async ({ db }) => {
        // Of two at once that add the last one, one counts the other.
        await dialect.lockName(db, `secrets of ${secret.projectId}`, "alone");
        const names = await db
          .selectFrom("secrets")
          .select("name")
          .where("project_id", "=", secret.projectId)
          .execute();
        const isNew = !names.some(({ name }) => name === secret.name);
        if (isNew && names.length >= MAX_SECRETS) return "too_many";
        await db
          .insertInto("secrets")
          .values(row)
          .onConflict((conflict) => conflict.columns(["project_id", "name"]).doUpdateSet(row))
          .execute();
        return secret;
      });
    },
    async list(projectId) {
      const rows = await read(({ db }) =>
        db
          .selectFrom("secrets")
          .select(["project_id", "name", "updated_at"])
          .select(["updated_by_type", "updated_by_id", "updated_by_name"])
          .where("project_id", "=", projectId)
          .orderBy("name")
          .limit(MAX_SECRETS)
          .execute(),
      );
      return rows.map((row) => toSecret(row, dialect));
    },
    async open(projectId, name) {
      const row = await read((reader) => findSealed(reader, projectId, name));
      if (row === undefined) return undefined;
      const { master_key_id: masterKeyId, sealed_value: sealed } = row;
      return vault.openSecret(placeOf(projectId, name), { masterKeyId, sealed }).toString("utf8");
    },
    async remove(projectId, name) {
      const { numDeletedRows } = await write(({ db }) =>
        db
          .deleteFrom("secrets")
          .where("project_id", "=", projectId)
          .where("name", "=", name)
          .executeTakeFirstOrThrow(),
      );
      return numDeletedRows === 1n;
    },
  };
}

function placeOf(projectId: string, name: string): readonly string[] {
  return ["secrets", projectId, name];
}

function findSealed({ db }: Reader, projectId: string, name: string) {
  return db
    .selectFrom("secrets")
    .select(["master_key_id", "sealed_value"])
    .where("project_id", "=", projectId)
    .where("name", "=", name)
    .executeTakeFirst();
}

function toRow({ projectId, name, updatedAt, updatedBy }: Secret, value: string, vault: Vault) {
  const { masterKeyId, sealed } = vault.sealSecret(placeOf(projectId, name), Buffer.from(value));
  return {
    project_id: projectId,
    name,
    master_key_id: masterKeyId,
    updated_at: updatedAt,
    ...toActorColumns("updated_by", updatedBy),
    sealed_value: sealed,
  } satisfies SecretRow;
}

function toSecret(
  row: Omit<SecretRow, "master_key_id" | "sealed_value">,
  dialect: Dialect,
): Secret {
  return {
    projectId: row.project_id,
    name: row.name,
    updatedAt: dialect.decodeInteger(row.updated_at),
    updatedBy: actorIn("updated_by", row),
  };
}
