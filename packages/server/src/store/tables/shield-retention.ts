import type { Database, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { ShieldStore } from "../verbs/shield.js";

/** Takes away what has had its time and what a snapshot has kept. */
export function createShieldRetention({ write, dialect }: Database): ShieldStore["prune"] {
  return (before, limit) =>
    write(async (transaction) => {
      const entries = await pruneEntries(transaction, dialect, before, limit);
      const runs = await pruneRuns(transaction, dialect, before, limit);
      return Math.max(entries, runs);
    });
}

async function pruneEntries(
  { db }: Transaction,
  dialect: Dialect,
  before: number,
  limit: number,
): Promise<number> {
  const due = db
    .selectFrom("shield_entries")
    .select("sequence")
    .where("received_at", "<", before)
    .where((where) =>
      where(
        "sequence",
        "<=",
        where
          .selectFrom("shield_profiles")
          .select("shield_profiles.snapshot_sequence")
          .whereRef("shield_profiles.id", "=", "shield_entries.profile_id"),
      ),
    )
    .orderBy("received_at")
    .limit(limit);
  const pruned = await db
    .with("due", () => dialect.lockRows(due, "skip"))
    .deleteFrom("shield_entries")
    .where("sequence", "in", (from) => from.selectFrom("due").select("sequence"))
    .returning(["profile_id", "sequence"])
    .execute();
  const last = new Map<string, number>();
  for (const { profile_id, sequence } of pruned) {
    const of = dialect.decodeInteger(sequence);
    last.set(profile_id, Math.max(last.get(profile_id) ?? 0, of));
  }
  // In the order of their ids, so that two who prune wait for each other in one order.
  for (const [id, sequence] of [...last].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await db
      .updateTable("shield_profiles")
      .set({ pruned_sequence: sequence })
      .where("id", "=", id)
      .where("pruned_sequence", "<", sequence)
      .execute();
  }
  return pruned.length;
}

async function pruneRuns(
  { db }: Transaction,
  dialect: Dialect,
  before: number,
  limit: number,
): Promise<number> {
  const due = db
    .selectFrom("shield_runs")
    .select(["profile_id", "run_key"])
    .where("last_step_at", "<", before)
    .orderBy("last_step_at")
    .limit(limit);
  const pruned = await db
    .with("due", () => dialect.lockRows(due, "skip"))
    .deleteFrom("shield_runs")
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple("profile_id", "run_key"),
        "in",
        selectFrom("due").select(["profile_id", "run_key"]).$asTuple("profile_id", "run_key"),
      ),
    )
    .executeTakeFirst();
  return Number(pruned.numDeletedRows);
}
