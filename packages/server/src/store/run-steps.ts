import type { ShieldRunRow } from "./schema.js";

/** Of a run in which nothing happens: 30 minutes, by our clock. */
const RUN_IDLE_MS = 1_800_000;

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
