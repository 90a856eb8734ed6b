import { endOfPrefix } from "@holdpoint/protocol";
import { sql } from "kysely";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { RecordRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { Page } from "../store.js";
import type {
  NewRecord,
  RecordOwner,
  RecordQuery,
  RecordStore,
  StoredRecord,
} from "../verbs/records.js";
import { RecordMapper } from "./record-row.js";

export function createRecordStore(database: Database, vault: Vault): RecordStore {
  const { read, write, dialect } = database;
  const mapper = new RecordMapper(dialect, vault);

  /**
   * Puts go side by side; a deletion by prefix waits for those under way, and they for it. Else it
   * would miss what a put adds, and take what the same put replaces.
   */
  const enter = ({ db }: Transaction, { agentId }: RecordOwner, mode: "shared" | "alone") =>
    dialect.lockName(db, `records ${agentId}`, mode);

  async function put(owner: RecordOwner, records: readonly NewRecord[], at: number) {
    const rows = mapper.toRows(owner, records, at);
    await write(async (transaction) => {
      await enter(transaction, owner, "shared");
      await insertRows(transaction, rows.absent, "keep");
      await insertRows(transaction, rows.present, "replace");
    });
  }

  async function list(owner: RecordOwner, query: RecordQuery): Promise<Page<StoredRecord>> {
    const rows = await read((reader) => selectPage(reader, owner, query).execute());
    // One key more than asked for tells that there is a next page; so does one that had no room.
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    const isMore = last !== undefined && dialect.decodeInteger(last.candidates) > shown.length;
    return {
      items: shown.map((row) => mapper.toRecord(row)),
      nextCursor: isMore ? encodeCursor([cursorKind(query), last.key]) : null,
    };
  }

  return {
    put,
    list,
    async find(owner, key) {
      const row = await read((reader) =>
        ofOwner(reader, owner).selectAll().where("key", "=", key).executeTakeFirst(),
      );
      return row && mapper.toRecord(row);
    },
    async remove(owner, key) {
      await write(({ db }) =>
        db
          .deleteFrom("records")
          .where("project_id", "=", owner.projectId)
          .where("agent_id", "=", owner.agentId)
          .where("key", "=", key)
          .execute(),
      );
    },
    async removePrefix(owner, prefix) {
      await write(async (transaction) => {
        await enter(transaction, owner, "alone");
        await transaction.db
          .deleteFrom("records")
          .where("project_id", "=", owner.projectId)
          .where("agent_id", "=", owner.agentId)
          .where("key", ">=", prefix)
          .where("key", "<", endOfPrefix(prefix))
          .execute();
      });
    },
  };
}

async function insertRows(
  { db }: Transaction,
  rows: readonly RecordRow[],
  existing: "keep" | "replace",
): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto("records")
    .values(rows)
    .onConflict((conflict) => {
      const taken = conflict.columns(["project_id", "agent_id", "key"]);
      if (existing === "keep") return taken.doNothing();
      return taken.doUpdateSet(({ ref }) => ({
        updated_at: ref("excluded.updated_at"),
        encrypted: ref("excluded.encrypted"),
        bytes: ref("excluded.bytes"),
        master_key_id: ref("excluded.master_key_id"),
        data_key: ref("excluded.data_key"),
        sealed_value: ref("excluded.sealed_value"),
      }));
    })
    .execute();
}

function ofOwner({ db }: Reader, { projectId, agentId }: RecordOwner) {
  return db
    .selectFrom("records")
    .where("project_id", "=", projectId)
    .where("agent_id", "=", agentId);
}

/** The keys first, and the values of those that have room: large values are read for nothing else. */
function selectPage(reader: Reader, owner: RecordOwner, query: RecordQuery) {
  const direction = query.order === "ascending" ? "asc" : "desc";
  return reader.db
    .with("candidate", () => selectKeys(reader, owner, query).orderBy("key", direction))
    .with("page", (db) =>
      db
        .selectFrom("candidate")
        .select([
          "key",
          sql<number>`sum(bytes) over (order by key ${sql.raw(direction)}) - bytes`.as(
            "bytes_before",
          ),
          sql<unknown>`count(*) over ()`.as("candidates"),
        ]),
    )
    .selectFrom("page")
    .innerJoin("records", "records.key", "page.key")
    .selectAll("records")
    .select("page.candidates")
    .where("records.project_id", "=", owner.projectId)
    .where("records.agent_id", "=", owner.agentId)
    .where("page.bytes_before", "<", query.maxBytes)
    .orderBy("records.key", direction);
}

function selectKeys(reader: Reader, owner: RecordOwner, query: RecordQuery) {
  const { prefix, before, after, order, cursor } = query;
  let keys = ofOwner(reader, owner)
    .select(["key", "bytes"])
    .limit(query.limit + 1);
  if (prefix !== undefined) {
    keys = keys.where("key", ">=", prefix).where("key", "<", endOfPrefix(prefix));
  }
  if (before !== undefined) keys = keys.where("key", "<", before);
  if (after !== undefined) keys = keys.where("key", ">", after);
  if (cursor === undefined) return keys;
  const [, key] = decodeCursor(cursor, [cursorKind(query), ""] as const);
  return keys.where("key", order === "ascending" ? ">" : "<", key);
}

/** A cursor goes on in the direction it was given in. */
function cursorKind({ order }: RecordQuery): string {
  return `records ${order}`;
}
