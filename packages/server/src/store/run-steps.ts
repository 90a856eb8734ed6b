import { RUN_IDLE_MS } from "../domain/shield/run.js";
import type { NewEntry } from "./database.js";
import type { ShieldRunRow } from "./schema.js";

/** A run without an id that is over, or has been still for long, begins anew under the same key. */
const BEGINS_ANEW = `(shield_runs.run_id is null and (shield_runs.is_over or excluded.started_at >= shield_runs.last_step_at + ${RUN_IDLE_MS}))`;

/** How a run that is there takes in steps that follow, as SQL of every dialect. */
export const RUN_STEPS = {
  started_at: `case when ${BEGINS_ANEW} then excluded.started_at else shield_runs.started_at end`,
  last_step_at: `case when ${BEGINS_ANEW} or excluded.last_step_at > shield_runs.last_step_at then excluded.last_step_at else shield_runs.last_step_at end`,
  last_sequence: "excluded.last_sequence",
  steps: `excluded.steps + case when ${BEGINS_ANEW} then 0 else shield_runs.steps end`,
  anomalies: `excluded.anomalies + case when ${BEGINS_ANEW} then 0 else shield_runs.anomalies end`,
  max_surprise_bits: `case when ${BEGINS_ANEW} or excluded.max_surprise_bits > shield_runs.max_surprise_bits then excluded.max_surprise_bits else shield_runs.max_surprise_bits end`,
  is_over: "excluded.is_over",
} as const satisfies { readonly [Column in keyof ShieldRunRow]?: string };

/**
 * Cuts entries so that each part has steps of at most one run under each key: what follows the end of a
 * run without an id is another run.
 */
export function splitAtEnds(entries: readonly NewEntry[]): readonly (readonly NewEntry[])[] {
  let part: NewEntry[] = [];
  const parts = [part];
  const over = new Set<string>();
  for (const entry of entries) {
    const { profile_id, run_key, run_id, ends_run } = entry.row;
    const run = JSON.stringify([profile_id, run_key]);
    if (over.has(run)) {
      part = [];
      parts.push(part);
      over.clear();
    }
    part.push(entry);
    if (run_id === null && ends_run) over.add(run);
  }
  return parts;
}
