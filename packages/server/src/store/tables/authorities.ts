import { sql } from "kysely";
import { digestTextOf } from "../../domain/digest.js";
import type { Authority } from "../../domain/identity/lease.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { AuthorityRow } from "../schema.js";
import type { AuthorityStore } from "../verbs/leases.js";
import { actorIn, toActorColumns } from "./columns.js";
import type { ProjectEventWriter } from "./project-events.js";
import { optional } from "./request-row.js";

/** The epoch of a project's authority, as part of a statement on a table with `project_id`. */
export function currentEpoch(projectId: unknown) {
  return sql<number>`coalesce((select epoch from authorities where project_id = ${projectId}), 0)`;
}

/** Whether a project's authority is in force, likewise. */
export function isInForce(projectId: unknown, dialect: Dialect) {
  const frozen = dialect.encodeBoolean(true);
  return sql<boolean>`not exists (select 1 from authorities where project_id = ${projectId} and frozen = ${frozen})`;
}

/** What every transaction that consumes a grant or issues a lease does first. */
export interface AuthorityQueries {
  /**
   * Lets a freeze wait for this transaction, or this transaction for the freeze: what is read of the
   * authority after it stands until the commit.
   */
  hold(transaction: Transaction, projectId: string): Promise<void>;
  /** The authority as it stands here. */
  read(reader: Reader, projectId: string): Promise<Authority>;
}

export function prepareAuthority(dialect: Dialect): AuthorityQueries {
  const find = prepareQuery(({ db }, key: { readonly projectId: string }) =>
    db.selectFrom("authorities").selectAll().where("project_id", "=", key.projectId),
  );
  return {
    hold: ({ db }, projectId) => dialect.lockName(db, nameOf(projectId), "shared"),
    async read(reader, projectId) {
      const { rows } = await find(reader, { projectId });
      const [row] = rows;
      return row ? toAuthority(row, dialect) : { projectId, epoch: 0, frozen: false };
    },
  };
}

export function createAuthorityStore(
  { read, write, dialect }: Database,
  appendProjectEvent: ProjectEventWriter,
): AuthorityStore {
  const authority = prepareAuthority(dialect);
  return {
    find: (projectId) => read((reader) => authority.read(reader, projectId)),
    set: (change) =>
      write(async (transaction) => {
        const { projectId, frozen, reason, eventId, at, actor } = change;
        await dialect.lockName(transaction.db, nameOf(projectId), "alone");
        const standing = await authority.read(transaction, projectId);
        if (standing.frozen === frozen) return standing;
        const epoch = frozen ? standing.epoch + 1 : standing.epoch;
        const row: AuthorityRow = {
          project_id: projectId,
          epoch,
          frozen: dialect.encodeBoolean(frozen),
          reason: reason ?? null,
          changed_at: at,
          ...toActorColumns("changed_by", actor),
          event_id: eventId,
        };
        await transaction.db
          .insertInto("authorities")
          .values(row)
          .onConflict((conflict) => conflict.column("project_id").doUpdateSet(row))
          .execute();
        await appendProjectEvent(transaction, {
          id: eventId,
          projectId,
          type: frozen ? "authority.frozen" : "authority.thawed",
          at,
          actor,
          subject: {
            id: projectId,
            revision: epoch,
            ...(reason !== undefined && { digest: digestTextOf(reason) }),
          },
        });
        return toAuthority(row, dialect);
      }),
  };
}

const nameOf = (projectId: string) => `authority ${projectId}`;

function toAuthority(row: AuthorityRow, dialect: Dialect): Authority {
  return {
    projectId: row.project_id,
    epoch: row.epoch,
    frozen: dialect.decodeBoolean(row.frozen),
    ...optional("reason", row.reason),
    changedAt: dialect.decodeInteger(row.changed_at),
    changedBy: actorIn("changed_by", row),
    eventId: row.event_id,
  };
}
