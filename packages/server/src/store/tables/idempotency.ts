import { randomBytes } from "node:crypto";
import type { Database, Reader } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { IdempotencyKeyRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { IdempotencyStore, RecordedAnswer } from "../verbs/idempotency.js";

const SEED_BYTES = 32;

export function createIdempotencyStore(database: Database, vault: Vault): IdempotencyStore {
  const { write, dialect } = database;
  const queries = prepareQueries(database);

  async function begin(
    call: Parameters<IdempotencyStore["begin"]>[0],
  ): ReturnType<IdempotencyStore["begin"]> {
    const { id, at } = call;
    const seed = randomBytes(SEED_BYTES);
    return write(async (transaction) => {
      const inserted = await queries.insert(transaction, {
        id,
        body_digest: call.bodyDigest,
        created_at: at,
        fence: 1,
        lease_expires_at: call.leaseExpiresAt,
        answered: dialect.encodeBoolean(false),
        ...seal(id, false, seed),
      });
      if (inserted.numAffectedRows === 1n) {
        return { outcome: "begun", run: { id, fence: 1, seed, createdAt: at } };
      }
      const { rows } = await queries.find(transaction, { id });
      const [row] = rows;
      // Only if it was pruned this very moment: sent again, it begins anew.
      if (row === undefined) return { outcome: "in_flight" };
      if (row.body_digest !== call.bodyDigest) return { outcome: "conflict" };
      if (dialect.decodeBoolean(row.answered))
        return { outcome: "answered", answer: answerOf(row) };
      const taken = await queries.takeOver(transaction, {
        id,
        fence: row.fence,
        at,
        lease_expires_at: call.leaseExpiresAt,
      });
      if (taken.numAffectedRows !== 1n) return { outcome: "in_flight" };
      const createdAt = dialect.decodeInteger(row.created_at);
      const run = { id, fence: row.fence + 1, seed: open(row, false), createdAt };
      return { outcome: "begun", run };
    });
  }

  /** What is sealed: the seed while the call runs, then its answer. */
  function seal(id: string, answered: boolean, content: Uint8Array) {
    const { masterKeyId, sealed } = vault.sealSecret(placeOf(id, answered), content);
    return { master_key_id: masterKeyId, sealed };
  }

  function open(row: IdempotencyKeyRow, answered: boolean): Buffer {
    const { id, master_key_id: masterKeyId, sealed } = row;
    return vault.openSecret(placeOf(id, answered), { masterKeyId, sealed });
  }

  function answerOf(row: IdempotencyKeyRow): RecordedAnswer {
    return JSON.parse(open(row, true).toString("utf8"));
  }

  return {
    begin,
    async finish({ id, fence }, answer) {
      const content = Buffer.from(JSON.stringify(answer));
      const answered = dialect.encodeBoolean(true);
      await write((transaction) =>
        queries.finish(transaction, { id, fence, answered, ...seal(id, true, content) }),
      );
    },
    async release({ id, fence }) {
      await write((transaction) => queries.release(transaction, { id, fence }));
    },
    async prune(before, limit) {
      const pruned = await write((transaction) => queries.prune(transaction, { before, limit }));
      return Number(pruned.numAffectedRows ?? 0n);
    },
  };
}

function prepareQueries({ dialect }: Database) {
  return {
    insert: prepareQuery(({ db }, row: IdempotencyKeyRow) =>
      db
        .insertInto("idempotency_keys")
        .values({
          id: row.id,
          body_digest: row.body_digest,
          created_at: row.created_at,
          fence: row.fence,
          lease_expires_at: row.lease_expires_at,
          answered: row.answered,
          master_key_id: row.master_key_id,
          sealed: row.sealed,
        })
        .onConflict((conflict) => conflict.column("id").doNothing()),
    ),
    find: prepareQuery(({ db }, { id }: { readonly id: string }) =>
      db.selectFrom("idempotency_keys").selectAll().where("id", "=", id),
    ),
    takeOver: prepareQuery((reader, takeover: Takeover) =>
      updateRun(reader, takeover, dialect.encodeBoolean(false))
        .set({
          fence: ({ eb }) => eb("fence", "+", 1),
          lease_expires_at: takeover.lease_expires_at,
        })
        .where("lease_expires_at", "<=", takeover.at),
    ),
    finish: prepareQuery((reader, end: Finish) =>
      updateRun(reader, end, dialect.encodeBoolean(false)).set({
        answered: end.answered,
        master_key_id: end.master_key_id,
        sealed: end.sealed,
      }),
    ),
    release: prepareQuery((reader, run: Run) =>
      updateRun(reader, run, dialect.encodeBoolean(false)).set({ lease_expires_at: 0 }),
    ),
    prune: prepareQuery(({ db }, due: { readonly before: number; readonly limit: number }) =>
      db
        .deleteFrom("idempotency_keys")
        .where(
          "id",
          "in",
          dialect.lockRows(
            db
              .selectFrom("idempotency_keys")
              .select("id")
              .where("created_at", "<", due.before)
              .orderBy("created_at")
              .limit(due.limit),
            "skip",
          ),
        ),
    ),
  };
}

type Run = Pick<IdempotencyKeyRow, "id" | "fence">;
type Takeover = Run & { readonly at: number; readonly lease_expires_at: number };
type Finish = Run & Pick<IdempotencyKeyRow, "answered" | "master_key_id" | "sealed">;

/** A run that is still this one's: neither answered nor taken over. */
function updateRun({ db }: Reader, { id, fence }: Run, unanswered: unknown) {
  return db
    .updateTable("idempotency_keys")
    .where("id", "=", id)
    .where("fence", "=", fence)
    .where("answered", "=", unanswered);
}

function placeOf(id: string, answered: boolean): string[] {
  return ["idempotency_keys", id, answered ? "answer" : "seed"];
}
