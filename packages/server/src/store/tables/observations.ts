import type { Selectable } from "kysely";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { ObservationRow } from "../schema.js";
import type { Page } from "../store.js";
import type {
  Observation,
  ObservationQuery,
  ObservationStore,
  StoredObservation,
} from "../verbs/observations.js";
import { optional } from "./request-row.js";

export function createObservationStore({ read, write, dialect }: Database): ObservationStore {
  async function list(
    projectId: string,
    query: ObservationQuery,
  ): Promise<Page<StoredObservation>> {
    const rows = await read((reader) => selectPage(reader, projectId, query).execute());
    // One row more than asked for tells that there is a next page.
    const shown = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? shown.at(-1) : undefined;
    return {
      items: shown.map((row) => toObservation(row, dialect)),
      nextCursor:
        last === undefined
          ? null
          : encodeCursor(["observations", dialect.decodeInteger(last.received_at), last.id]),
    };
  }

  return {
    list,
    async add({ projectId, agentId }, observations, at) {
      const rows = observations.map((observation) =>
        toRow(observation, { project_id: projectId, agent_id: agentId, received_at: at }),
      );
      await write(({ db }) =>
        db
          .insertInto("observations")
          .values(rows)
          .onConflict((conflict) => conflict.columns(["project_id", "agent_id", "id"]).doNothing())
          .execute(),
      );
    },
    async prune(before, limit) {
      const pruned = await write(({ db }) => {
        const due = db
          .selectFrom("observations")
          .select(["project_id", "agent_id", "id"])
          .where("received_at", "<", before)
          .orderBy("received_at")
          .limit(limit);
        return db
          .with("due", () => dialect.lockRows(due, "skip"))
          .deleteFrom("observations")
          .where(({ eb, refTuple, selectFrom }) =>
            eb(
              refTuple("project_id", "agent_id", "id"),
              "in",
              selectFrom("due")
                .select(["project_id", "agent_id", "id"])
                .$asTuple("project_id", "agent_id", "id"),
            ),
          )
          .executeTakeFirst();
      });
      return Number(pruned.numDeletedRows);
    },
  };
}

/** Newest first. */
function selectPage({ db }: Reader, projectId: string, query: ObservationQuery) {
  const { service, action, agentId, runId, cursor } = query;
  let page = db
    .selectFrom("observations")
    .innerJoin("agents", "agents.id", "observations.agent_id")
    .selectAll("observations")
    .select("agents.name as agent_name")
    .where("observations.project_id", "=", projectId)
    .orderBy("observations.received_at", "desc")
    .orderBy("observations.id", "desc")
    .limit(query.limit + 1);
  if (service !== undefined) page = page.where("service", "=", service);
  if (action !== undefined) page = page.where("action", "=", action);
  if (agentId !== undefined) page = page.where("agent_id", "=", agentId);
  if (runId !== undefined) page = page.where("run_id", "=", runId);
  if (cursor === undefined) return page;
  const [, receivedAt, id] = decodeCursor(cursor, ["observations", 0, ""] as const);
  return page.where((where) =>
    where(
      where.refTuple("observations.received_at", "observations.id"),
      "<",
      where.tuple(receivedAt, id),
    ),
  );
}

function toRow(
  observation: Observation,
  owner: Pick<ObservationRow, "project_id" | "agent_id" | "received_at">,
): ObservationRow {
  return {
    ...owner,
    id: observation.id,
    service: observation.service,
    action: observation.action,
    skeleton_hash: observation.skeletonHash ?? null,
    run_id: observation.runId ?? null,
    parent_request_id: observation.parentRequestId ?? null,
    environment: observation.environment ?? null,
    agent_label: observation.agentLabel ?? null,
    observed_at: observation.observedAt,
  };
}

function toObservation(
  row: Selectable<ObservationRow> & { readonly agent_name: string },
  dialect: Dialect,
): StoredObservation {
  return {
    id: row.id,
    service: row.service,
    action: row.action,
    agent: { id: row.agent_id, name: row.agent_name },
    ...optional("skeletonHash", row.skeleton_hash),
    ...optional("runId", row.run_id),
    ...optional("parentRequestId", row.parent_request_id),
    ...optional("environment", row.environment),
    ...optional("agentLabel", row.agent_label),
    observedAt: dialect.decodeInteger(row.observed_at),
    receivedAt: dialect.decodeInteger(row.received_at),
  };
}
