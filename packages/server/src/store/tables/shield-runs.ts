import { sql } from "kysely";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { ShieldRunRow } from "../schema.js";
import type { ShieldRun, ShieldStore } from "../verbs/shield.js";
import { optional } from "./request-row.js";

export function createShieldRunList({ read, dialect }: Database): ShieldStore["listRuns"] {
  return async (profileId, query) => {
    const rows = await read((reader) => selectPage(reader, profileId, query).execute());
    // One row more than asked for tells that there is a next page.
    const shown = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? shown.at(-1) : undefined;
    return {
      items: shown.map((row) => toRun(row, dialect)),
      nextCursor:
        last === undefined
          ? null
          : encodeCursor(["shield_runs", dialect.decodeInteger(last.last_sequence)]),
    };
  };
}

/** The latest first. */
function selectPage(
  { db }: Reader,
  profileId: string,
  { agentId, anomalous, limit, cursor }: Parameters<ShieldStore["listRuns"]>[1],
) {
  let page = db
    .selectFrom("shield_runs")
    .innerJoin("agents", "agents.id", "shield_runs.agent_id")
    .selectAll("shield_runs")
    .select("agents.name as agent_name")
    .where("profile_id", "=", profileId)
    .orderBy("last_sequence", "desc")
    .limit(limit + 1);
  if (agentId !== undefined) page = page.where("agent_id", "=", agentId);
  if (anomalous === true) page = page.where(HAS_ANOMALIES);
  if (anomalous === false) page = page.where("anomalies", "=", 0);
  if (cursor === undefined) return page;
  const [, sequence] = decodeCursor(cursor, ["shield_runs", 0] as const);
  return page.where("last_sequence", "<", sequence);
}

function toRun(
  row: ShieldRunRow & { readonly agent_name: string },
  { decodeInteger }: Dialect,
): ShieldRun {
  return {
    runKey: row.run_key,
    ...optional("runId", row.run_id),
    agent: { id: row.agent_id, name: row.agent_name },
    startedAt: decodeInteger(row.started_at),
    lastStepAt: decodeInteger(row.last_step_at),
    steps: decodeInteger(row.steps),
    anomalies: decodeInteger(row.anomalies),
    maxSurpriseBits: row.max_surprise_bits,
  };
}

/** As a literal, which a parameter is not: only so does the partial index apply. */
const HAS_ANOMALIES = sql<boolean>`anomalies > 0`;
