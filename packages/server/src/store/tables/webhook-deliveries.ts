import { sql } from "kysely";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader } from "../database.js";
import type { Page } from "../store.js";
import type {
  AttemptOutcome,
  LeasedDelivery,
  WebhookDelivery,
  WebhookDeliveryQuery,
  WebhookDeliveryStore,
} from "../verbs/webhooks.js";
import { prepareDeliveryQueries } from "./webhook-delivery-queries.js";
import { newDeliveryRow, toDelivery } from "./webhook-delivery-row.js";
import type { WebhookOutbox } from "./webhook-outbox.js";

export function createWebhookDeliveryStore(
  { read, write, dialect }: Database,
  outbox: WebhookOutbox,
): WebhookDeliveryStore {
  const queries = prepareDeliveryQueries(dialect);

  async function list(
    projectId: string,
    query: WebhookDeliveryQuery,
  ): Promise<Page<WebhookDelivery>> {
    const rows = await read((reader) => selectPage(reader, projectId, query).execute());
    // One row more than asked for tells that there is a next page.
    const shown = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? shown.at(-1) : undefined;
    return {
      items: shown.map((row) => toDelivery(row, dialect)),
      nextCursor:
        last === undefined
          ? null
          : encodeCursor(["deliveries", dialect.decodeInteger(last.created_at), last.id]),
    };
  }

  const isEnabled = (reader: Reader, projectId: string, endpointId: string) =>
    queries.isEnabled(reader, { projectId, endpointId }).then(({ rows }) => rows.length > 0);

  return {
    list,
    addTest: (projectId, endpointId, { id, eventId, at }) =>
      write(async (transaction) => {
        if (!(await isEnabled(transaction, projectId, endpointId))) return undefined;
        const row = newDeliveryRow({
          id,
          project_id: projectId,
          endpoint_id: endpointId,
          event_id: eventId,
          type: "webhook.test",
          request_id: null,
          created_at: at,
        });
        await transaction.db
          .insertInto("webhook_deliveries")
          .values(row)
          .onConflict((conflict) => conflict.column("id").doNothing())
          .execute();
        return toDelivery(row, dialect);
      }),
    replay: (projectId, deliveryId, at) =>
      write(async (transaction) => {
        const { rows: found } = await queries.find(transaction, { projectId, deliveryId });
        const [delivery] = found;
        if (delivery === undefined) return undefined;
        if (!(await isEnabled(transaction, projectId, delivery.endpoint_id))) return "disabled";
        const { rows } = await queries.replay(transaction, { deliveryId, at });
        return rows[0] && toDelivery(rows[0], dialect);
      }),
    async dueEndpoints(now) {
      const { rows } = await read((reader) => queries.dueEndpoints(reader, { now }));
      return rows.map(({ id }) => id);
    },
    async lease(endpointId, now, until, limit) {
      const lease = { endpointId, now, until, limit };
      const { rows } = await write((transaction) => queries.lease(transaction, lease));
      return rows
        .map((row) => ({ ...toDelivery(row, dialect), fence: row.fence }))
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    },
    settle: (lease, outcome) =>
      write(async (transaction) => {
        const settled = await queries.settle(transaction, settlementOf(lease, outcome));
        if (settled.numAffectedRows !== 1n) return false;
        if (outcome.next.kind === "gone") await queries.disable(transaction, lease);
        return true;
      }),
    async nextDue() {
      const { rows } = await read((reader) => queries.nextDue(reader, {}));
      const times = rows.flatMap(({ due }) => (due === null ? [] : dialect.decodeInteger(due)));
      return times.length === 0 ? undefined : Math.min(...times);
    },
    async prune(before, limit) {
      const pruned = await write((transaction) => queries.prune(transaction, { before, limit }));
      return Number(pruned.numAffectedRows);
    },
    expects: outbox.expects,
  };
}

function settlementOf({ id, fence }: LeasedDelivery, { status, error, next }: AttemptOutcome) {
  return {
    id,
    fence,
    status: STATUS_AFTER[next.kind],
    next_attempt_at: next.kind === "retry" ? next.at : null,
    delivered_at: next.kind === "delivered" ? next.at : null,
    last_status: status ?? null,
    last_error: error ?? null,
  };
}

const STATUS_AFTER = {
  delivered: "DELIVERED",
  retry: "PENDING",
  dead: "DEAD",
  gone: "DEAD",
} as const;

/** Newest first. */
function selectPage({ db }: Reader, projectId: string, query: WebhookDeliveryQuery) {
  let page = db
    .selectFrom("webhook_deliveries")
    .selectAll()
    .where("project_id", "=", projectId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(query.limit + 1);
  const { endpointId, status, cursor } = query;
  if (endpointId !== undefined) page = page.where("endpoint_id", "=", endpointId);
  if (status !== undefined) page = page.where("status", "=", status);
  // As a literal, for only so does the partial index apply.
  if (status !== undefined && status !== "DELIVERED") page = page.where(IS_OPEN);
  if (cursor === undefined) return page;
  const [, createdAt, id] = decodeCursor(cursor, ["deliveries", 0, ""] as const);
  return page.where((where) =>
    where(where.refTuple("created_at", "id"), "<", where.tuple(createdAt, id)),
  );
}

const IS_OPEN = sql<boolean>`status <> 'DELIVERED'`;
