import { type Kysely, sql } from "kysely";

/** Where every change is announced to every replica. */
export const CHANGES_CHANNEL = "holdpoint_changes";

/** Any constant: whoever numbers events holds this lock until it has committed. */
const EVENT_ORDER_LOCK = 7_240_518_273_901;

/**
 * Makes the database itself keep two promises, whatever statement writes.
 *
 * Events are numbered in the order of their commits: a number is drawn only by whoever holds one
 * lock, and the lock is held until the commit. Readers ask for what came after the last number they
 * saw, and would otherwise skip a smaller one that commits later.
 *
 * Replicas hear of every event, and of every credential that may have lost its power, exactly when
 * it commits: announcements are part of the transaction.
 *
 * The text of an announcement is `credentials`, or `event <project> <request> <type> <due>`: when a
 * worker has to act on it by itself, because the request expires or the run's lease ends; else 0.
 */
export async function shareChanges(db: Kysely<unknown>): Promise<void> {
  await orderEvents(db);
  await announceEvents(db);
  await announceCredentials(db);
}

async function orderEvents(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function holdpoint_order_events() returns trigger language plpgsql as $body$
    begin
      perform pg_advisory_xact_lock(${sql.lit(EVENT_ORDER_LOCK)});
      return null;
    end $body$`.execute(db);
  await orderInserts(db, "events");
}

/** Makes whoever inserts into a table hold the lock on the order of commits. */
export async function orderInserts(db: Kysely<unknown>, table: string): Promise<void> {
  // Before the statement, for the numbers are drawn row by row within it.
  await sql`
    create trigger holdpoint_order before insert on ${sql.table(table)}
    for each statement execute function holdpoint_order_events()`.execute(db);
}

async function announceEvents(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function holdpoint_announce_events() returns trigger language plpgsql as $body$
    begin
      perform pg_notify(${sql.lit(CHANGES_CHANNEL)},
          concat_ws(' ', 'event', added.project_id, added.request_id, added.type, coalesce(
            case added.type
              when 'request.created'
                then (select expires_at from requests where id = added.request_id)
              when 'execution.claimed'
                then (select lease_expires_at from executions where request_id = added.request_id)
            end, 0)))
        from added order by added.sequence;
      return null;
    end $body$`.execute(db);
  await sql`
    create trigger holdpoint_announce after insert on events referencing new table as added
    for each statement execute function holdpoint_announce_events()`.execute(db);
}

async function announceCredentials(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function holdpoint_announce_credentials() returns trigger language plpgsql as $body$
    begin
      perform pg_notify(${sql.lit(CHANGES_CHANNEL)}, 'credentials');
      return null;
    end $body$`.execute(db);
  const losses = [
    ["api_keys", "update of revoked_at, expires_at, scopes or delete"],
    ["operator_tokens", "update of revoked_at, expires_at or delete"],
    ["memberships", "update of roles or delete"],
    ["session", "update or delete"],
  ] as const;
  for (const [table, change] of losses) await announceLosses(db, table, change);
}

/** Tells every replica when a statement of this kind may have taken a credential's power away. */
export async function announceLosses(
  db: Kysely<unknown>,
  table: string,
  change: string,
): Promise<void> {
  await sql`
    create trigger holdpoint_announce after ${sql.raw(change)} on ${sql.table(table)}
    for each statement execute function holdpoint_announce_credentials()`.execute(db);
}
