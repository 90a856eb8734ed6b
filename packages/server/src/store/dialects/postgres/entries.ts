import type { NewEntry } from "../../database.js";
import { RUN_STEPS, splitAtEnds } from "../../run-steps.js";
import type { NewShieldEntryRow } from "../../schema.js";
import { together } from "../../together.js";
import type { Connection } from "./connection.js";

/** Every column but the number, which the database gives, with its type. */
const COLUMNS = {
  kind: "text",
  profile_id: "text",
  project_id: "text",
  agent_id: "text",
  id: "text",
  source: "text",
  run_key: "text",
  run_id: "text",
  action: "text",
  previous: "text",
  before_previous: "text",
  skeleton_hash: "text",
  priority: "text",
  fingerprint: "text",
  sensitive: "json",
  cost_minor: "bigint",
  cost_currency: "text",
  observed_at: "bigint",
  received_at: "bigint",
  ends_run: "boolean",
  surprise_bits: "double precision",
  departs: "boolean",
  learns: "boolean",
  answer: "text",
  anomaly_effect: "text",
  reviewed_at: "bigint",
  reviewed_by_type: "text",
  reviewed_by_id: "text",
  reviewed_by_name: "text",
  agent_label: "text",
  parent_request_id: "text",
  verdict: "json",
} as const satisfies Record<keyof NewShieldEntryRow, string>;

const NAMES = Object.keys(COLUMNS) as (keyof NewShieldEntryRow)[];

/**
 * One statement for any number of entries, a list per column, and for the runs they belong to. What
 * the log has already changes nothing.
 */
const INSERT = `
  with added as (
    insert into shield_entries (${NAMES.join(", ")})
    select * from unnest(${Object.values(COLUMNS)
      .map((type, index) => `$${index + 1}::${type}[]`)
      .join(", ")})
    on conflict (project_id, id, agent_id, kind) do nothing
    returning *
  ), followed as (
    insert into shield_runs (profile_id, run_key, run_id, agent_id, started_at, last_step_at,
      last_sequence, steps, anomalies, max_surprise_bits, is_over)
    select profile_id, run_key, min(run_id), min(agent_id), min(received_at), max(received_at),
      max(sequence), count(*), count(anomaly_effect), max(surprise_bits), bool_or(ends_run)
    from added where kind = 'step' group by profile_id, run_key
    on conflict (profile_id, run_key) do update set ${Object.entries(RUN_STEPS)
      .map(([column, value]) => `${column} = ${value}`)
      .join(", ")}
  )
  select project_id, id, agent_id, kind from added`;

/** Inserts entries in their order, taking the lock that numbers them. */
export async function insertEntries(
  connection: Connection,
  entries: readonly NewEntry[],
): Promise<void> {
  await together(splitAtEnds(entries).map((part) => insertPart(connection, part)));
}

async function insertPart(connection: Connection, entries: readonly NewEntry[]): Promise<void> {
  const { rows } = await connection.query<Key>(
    INSERT,
    NAMES.map((name) => entries.map(({ row }) => row[name])),
  );
  const added = new Set(rows.map(keyOf));
  // Of two that are the same, the first was added.
  for (const { row, onAdded } of entries) if (added.delete(keyOf(row))) onAdded?.();
}

type Key = Pick<NewShieldEntryRow, "project_id" | "id" | "agent_id" | "kind">;

function keyOf({ project_id, id, agent_id, kind }: Key): string {
  return JSON.stringify([project_id, id, agent_id, kind]);
}
