import type { WebhookDeliveryStatus } from "@holdpoint/protocol";
import { sql } from "kysely";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";

/** A literal, which a parameter is not: only so does the partial index apply. */
const IS_PENDING = sql<boolean>`status = 'PENDING'`;

const HAS_ENDED = sql<boolean>`status <> 'PENDING'`;

/** Every statement of the delivery's way, compiled once per store. */
export function prepareDeliveryQueries(dialect: Dialect) {
  const enabled = dialect.encodeBoolean(true);
  const disabled = dialect.encodeBoolean(false);
  return {
    find: prepareQuery(({ db }, key: { readonly projectId: string; readonly deliveryId: string }) =>
      db
        .selectFrom("webhook_deliveries")
        .select("endpoint_id")
        .where("id", "=", key.deliveryId)
        .where("project_id", "=", key.projectId),
    ),
    isEnabled: prepareQuery(
      ({ db }, key: { readonly projectId: string; readonly endpointId: string }) =>
        db
          .selectFrom("webhook_endpoints")
          .select("id")
          .where("id", "=", key.endpointId)
          .where("project_id", "=", key.projectId)
          .where("deleted_at", "is", null)
          .where("enabled", "=", enabled),
    ),
    /** A look into the index per endpoint, however much waits at one of them. */
    dueEndpoints: prepareQuery(({ db }, { now }: { readonly now: number }) =>
      db
        .selectFrom("webhook_endpoints as endpoint")
        .select("endpoint.id")
        .where("endpoint.enabled", "=", enabled)
        .where((where) =>
          where.exists(
            where
              .selectFrom("webhook_deliveries")
              .select("endpoint_id")
              .where(IS_PENDING)
              .whereRef("endpoint_id", "=", "endpoint.id")
              .where("next_attempt_at", "<=", now),
          ),
        ),
    ),
    nextDue: prepareQuery(({ db }, _none: object) =>
      db
        .selectFrom("webhook_endpoints as endpoint")
        .select((select) =>
          select
            .selectFrom("webhook_deliveries")
            .select("next_attempt_at")
            .where(IS_PENDING)
            .whereRef("endpoint_id", "=", "endpoint.id")
            .orderBy("next_attempt_at")
            .limit(1)
            .as("due"),
        )
        .where("endpoint.enabled", "=", enabled),
    ),
    /** One statement: what two workers choose at once, one of them gets. */
    lease: prepareQuery(({ db }, { endpointId, now, until, limit }: Lease) => {
      const due = db
        .selectFrom("webhook_deliveries")
        .select("id")
        .where(IS_PENDING)
        .where("endpoint_id", "=", endpointId)
        .where("next_attempt_at", "<=", now)
        .orderBy("next_attempt_at")
        .limit(limit);
      return db
        .with("due", () => dialect.lockRows(due, "skip"))
        .updateTable("webhook_deliveries")
        .set({
          next_attempt_at: until,
          last_attempt_at: now,
          attempts: sql<number>`attempts + 1`,
          fence: sql<number>`fence + 1`,
        })
        .where("id", "in", (from) => from.selectFrom("due").select("id"))
        .where(IS_PENDING)
        .returningAll();
    }),
    settle: prepareQuery(({ db }, settlement: Settlement) =>
      db
        .updateTable("webhook_deliveries")
        .set({
          status: settlement.status,
          next_attempt_at: settlement.next_attempt_at,
          delivered_at: settlement.delivered_at,
          last_status: settlement.last_status,
          last_error: settlement.last_error,
        })
        .where("id", "=", settlement.id)
        .where("fence", "=", settlement.fence)
        .where(IS_PENDING),
    ),
    disable: prepareQuery(({ db }, { endpointId }: { readonly endpointId: string }) =>
      db.updateTable("webhook_endpoints").set({ enabled: disabled }).where("id", "=", endpointId),
    ),
    prune: prepareQuery(
      ({ db }, { before, limit }: { readonly before: number; readonly limit: number }) => {
        const old = db
          .selectFrom("webhook_deliveries")
          .select("id")
          .where(HAS_ENDED)
          .where("created_at", "<", before)
          .orderBy("created_at")
          .limit(limit);
        return db
          .deleteFrom("webhook_deliveries")
          .where("id", "in", dialect.lockRows(old, "skip"))
          .where(HAS_ENDED);
      },
    ),
    /** A new fence, so that an attempt under way settles nothing any more. */
    replay: prepareQuery(
      ({ db }, { deliveryId, at }: { readonly deliveryId: string; readonly at: number }) =>
        db
          .updateTable("webhook_deliveries")
          .set({
            status: "PENDING",
            attempts: 0,
            fence: sql<number>`fence + 1`,
            next_attempt_at: at,
            delivered_at: null,
          })
          .where("id", "=", deliveryId)
          .returningAll(),
    ),
  };
}

interface Lease {
  readonly endpointId: string;
  readonly now: number;
  readonly until: number;
  readonly limit: number;
}

interface Settlement {
  readonly id: string;
  readonly fence: number;
  readonly status: WebhookDeliveryStatus;
  readonly next_attempt_at: number | null;
  readonly delivered_at: number | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
}
