import { sql } from "kysely";
import type { NewEntry, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import { RUN_STEPS, splitAtEnds } from "../run-steps.js";
import type { NewShieldEntryRow, ShieldRunRow } from "../schema.js";

/** Logs entries in their order, each once, and has the runs they belong to take them in. */
export type EntryWriter = (transaction: Transaction, entries: readonly NewEntry[]) => Promise<void>;

export function createEntryWriter(dialect: Dialect): EntryWriter {
  const queries = prepareLogQueries();

  /** The runs that have grown by steps which the log had not, each once. */
  async function addPart(
    transaction: Transaction,
    entries: readonly NewEntry[],
  ): Promise<Iterable<ShieldRunRow>> {
    const runs = new Map<string, ShieldRunRow>();
    for (const { row, onAdded } of entries) {
      const { rows } = await queries.insert(transaction, row);
      const [added] = rows;
      if (added === undefined) continue;
      onAdded?.();
      if (row.kind === "review") continue;
      const key = JSON.stringify([row.profile_id, row.run_key]);
      const sequence = dialect.decodeInteger(added.sequence);
      runs.set(key, grow(runs.get(key), row, sequence));
    }
    return runs.values();
  }

  return async (transaction, entries) => {
    if (transaction.last !== undefined) {
      transaction.last.entries.push(...entries);
      return;
    }
    for (const part of splitAtEnds(entries)) {
      for (const run of await addPart(transaction, part)) await queries.follow(transaction, run);
    }
  };
}

/** A run of some steps, with one more. */
function grow(
  run: ShieldRunRow | undefined,
  step: NewShieldEntryRow,
  sequence: number,
): ShieldRunRow {
  const { received_at: at, surprise_bits: bits } = step;
  return {
    profile_id: step.profile_id,
    run_key: step.run_key,
    run_id: step.run_id,
    agent_id: step.agent_id,
    started_at: Math.min(run?.started_at ?? at, at),
    last_step_at: Math.max(run?.last_step_at ?? at, at),
    last_sequence: sequence,
    steps: (run?.steps ?? 0) + 1,
    anomalies: (run?.anomalies ?? 0) + (step.anomaly_effect === null ? 0 : 1),
    max_surprise_bits: Math.max(run?.max_surprise_bits ?? bits, bits),
    is_over: step.ends_run,
  };
}

function prepareLogQueries() {
  return {
    insert: prepareQuery(({ db }, row: NewShieldEntryRow) =>
      db
        .insertInto("shield_entries")
        .values({
          kind: row.kind,
          profile_id: row.profile_id,
          project_id: row.project_id,
          agent_id: row.agent_id,
          id: row.id,
          source: row.source,
          run_key: row.run_key,
          run_id: row.run_id,
          action: row.action,
          previous: row.previous,
          before_previous: row.before_previous,
          skeleton_hash: row.skeleton_hash,
          priority: row.priority,
          fingerprint: row.fingerprint,
          sensitive: row.sensitive,
          cost_minor: row.cost_minor,
          cost_currency: row.cost_currency,
          observed_at: row.observed_at,
          received_at: row.received_at,
          ends_run: row.ends_run,
          surprise_bits: row.surprise_bits,
          departs: row.departs,
          learns: row.learns,
          answer: row.answer,
          anomaly_effect: row.anomaly_effect,
          reviewed_at: row.reviewed_at,
          reviewed_by_type: row.reviewed_by_type,
          reviewed_by_id: row.reviewed_by_id,
          reviewed_by_name: row.reviewed_by_name,
          agent_label: row.agent_label,
          parent_request_id: row.parent_request_id,
          verdict: row.verdict,
        })
        .onConflict((conflict) =>
          conflict.columns(["project_id", "id", "agent_id", "kind"]).doNothing(),
        )
        .returning("sequence"),
    ),
    follow: prepareQuery(({ db }, run: ShieldRunRow) =>
      db
        .insertInto("shield_runs")
        .values({
          profile_id: run.profile_id,
          run_key: run.run_key,
          run_id: run.run_id,
          agent_id: run.agent_id,
          started_at: run.started_at,
          last_step_at: run.last_step_at,
          last_sequence: run.last_sequence,
          steps: run.steps,
          anomalies: run.anomalies,
          max_surprise_bits: run.max_surprise_bits,
          is_over: run.is_over,
        })
        .onConflict((conflict) =>
          conflict.columns(["profile_id", "run_key"]).doUpdateSet({
            started_at: sql.raw<number>(RUN_STEPS.started_at),
            last_step_at: sql.raw<number>(RUN_STEPS.last_step_at),
            last_sequence: sql.raw<number>(RUN_STEPS.last_sequence),
            steps: sql.raw<number>(RUN_STEPS.steps),
            anomalies: sql.raw<number>(RUN_STEPS.anomalies),
            max_surprise_bits: sql.raw<number>(RUN_STEPS.max_surprise_bits),
            is_over: sql.raw(RUN_STEPS.is_over),
          }),
        ),
    ),
  };
}
