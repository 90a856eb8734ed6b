import type { Envelope } from "@holdpoint/protocol";
import type { Selectable } from "kysely";
import type { Database, Reader, Transaction } from "../database.js";
import type { StateRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { NewState, State, StateName, StateStore } from "../verbs/states.js";
import { optional } from "./request-row.js";

/** States and their keys. The key is sealed whether it is an envelope or not. */
export function createStateStore(database: Database, vault: Vault): StateStore {
  const { read, write, dialect } = database;

  function toState(row: Selectable<StateRow>): State {
    const time = (value: number | null) => (value === null ? null : dialect.decodeInteger(value));
    return {
      id: row.id,
      projectId: row.project_id,
      agentId: row.agent_id,
      createdAt: dialect.decodeInteger(row.created_at),
      ...optional("sizeBytes", time(row.size_bytes)),
      ...optional("uploadedAt", time(row.uploaded_at)),
      ...optional("deletedAt", time(row.deleting_at)),
      ...optional("key", row.deleting_at === null ? openKey(vault, row) : undefined),
    };
  }

  return {
    async create(state) {
      const row = toRow(vault, state);
      const known = await write(async ({ db }) => {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto("states")
          .values(row)
          .onConflict((conflict) => conflict.column("id").doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows !== 0n) return "created" as const;
        return db.selectFrom("states").selectAll().where("id", "=", row.id).executeTakeFirst();
      });
      if (known === "created") return { outcome: "created", state: toState(row) };
      if (known === undefined || !isReplay(known, state)) return { outcome: "conflict" };
      return { outcome: "replayed", state: toState(known) };
    },
    async find(projectId, stateId) {
      const row = await read((reader) => findRow(reader, { projectId, id: stateId }));
      return row && toState(row);
    },
    async markUploaded(name, { sizeBytes, at }) {
      const { numUpdatedRows } = await write(({ db }) =>
        db
          .updateTable("states")
          .set({ size_bytes: sizeBytes, uploaded_at: at })
          .where("id", "=", name.id)
          .where("project_id", "=", name.projectId)
          .where("uploaded_at", "is", null)
          .where("deleting_at", "is", null)
          .executeTakeFirst(),
      );
      return numUpdatedRows === 1n;
    },
  };
}

/**
 * Ties a state to a request about to name it. Writes the row, so that a deletion under way and this
 * cannot both happen.
 *
 * @returns Whether there is such a state of this agent.
 */
export async function attachState(
  { db }: Transaction,
  state: StateName & { readonly agentId: string },
  at: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("states")
    .set({ attached_at: at })
    .where("id", "=", state.id)
    .where("project_id", "=", state.projectId)
    .where("agent_id", "=", state.agentId)
    .where("deleting_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function findRow({ db }: Reader, { projectId, id }: StateName) {
  return db
    .selectFrom("states")
    .selectAll()
    .where("id", "=", id)
    .where("project_id", "=", projectId)
    .executeTakeFirst();
}

function toRow(vault: Vault, state: NewState): StateRow {
  const secret = Buffer.from(JSON.stringify(state.key));
  const { masterKeyId, sealed } = vault.sealSecret(placeOf(state), secret);
  return {
    id: state.id,
    project_id: state.projectId,
    agent_id: state.agentId,
    digest: state.digest,
    created_at: state.createdAt,
    size_bytes: null,
    uploaded_at: null,
    attached_at: null,
    deleting_at: null,
    deleted_at: null,
    master_key_id: masterKeyId,
    sealed_key: sealed,
  };
}

function openKey(vault: Vault, row: StateRow): string | Envelope | undefined {
  const { sealed_key: sealed, master_key_id: masterKeyId } = row;
  if (sealed === null) return undefined;
  const place = placeOf({ id: row.id, projectId: row.project_id });
  return JSON.parse(vault.openSecret(place, { masterKeyId, sealed }).toString("utf8"));
}

function placeOf({ projectId, id }: StateName): readonly string[] {
  return ["states", projectId, id];
}

function isReplay(row: StateRow, { projectId, agentId, digest }: NewState): boolean {
  return row.project_id === projectId && row.agent_id === agentId && row.digest === digest;
}
