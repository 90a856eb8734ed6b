import { digestTextOf } from "../../domain/digest.js";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { PolicyRow } from "../schema.js";
import type { PolicyRevision, PolicyStore } from "../verbs/policies.js";
import { actorIn, toActorColumns } from "./columns.js";
import type { ProjectEventWriter } from "./project-events.js";
import { optional } from "./request-row.js";

export function createPolicyStore(
  { read, write, dialect }: Database,
  appendEvent: ProjectEventWriter,
): PolicyStore {
  const queries = preparePolicyQueries();

  async function set(
    transaction: Transaction,
    { baseRevision, ...made }: Parameters<PolicyStore["set"]>[0],
  ): ReturnType<PolicyStore["set"]> {
    // Two who change it at once do so one after the other, and the second finds out.
    await dialect.lockName(transaction.db, `policy of ${made.projectId}`, "alone");
    const standing = await newest(transaction, made.projectId);
    if (standing?.id === made.id) return { outcome: "set", policy: standing };
    if ((standing?.revision ?? 0) !== baseRevision) return { outcome: "lost", policy: standing };
    const policy: PolicyRevision = { ...made, revision: baseRevision + 1 };
    await transaction.db.insertInto("policies").values(toRow(policy)).execute();
    await appendEvent(transaction, {
      id: policy.eventId,
      projectId: policy.projectId,
      type: "policy.changed",
      at: policy.createdAt,
      actor: policy.createdBy,
      subject: { id: policy.id, revision: policy.revision, digest: digestTextOf(policy.text) },
    });
    return { outcome: "set", policy };
  }

  async function newest(reader: Reader, projectId: string): Promise<PolicyRevision | undefined> {
    const { rows } = await queries.newest(reader, { projectId });
    return rows[0] && toRevision(rows[0], dialect);
  }

  return {
    set: (revision) => write((transaction) => set(transaction, revision)),
    find: (projectId) => read((reader) => newest(reader, projectId)),
    async revisionOf(projectId) {
      const { rows } = await read((reader) => queries.revision(reader, { projectId }));
      return rows[0]?.revision ?? 0;
    },
    async list(projectId, { limit, cursor }) {
      const rows = await read(({ db }) =>
        db
          .selectFrom("policies")
          .selectAll()
          .where("project_id", "=", projectId)
          .where("revision", "<", cursor === undefined ? NEWEST : readCursor(cursor))
          .orderBy("revision", "desc")
          // One row more than asked for tells that there is a next page.
          .limit(limit + 1)
          .execute(),
      );
      const items = rows.slice(0, limit).map((row) => toRevision(row, dialect));
      const last = rows.length > limit ? items.at(-1) : undefined;
      return {
        items,
        nextCursor: last === undefined ? null : encodeCursor(["policies", last.revision]),
      };
    },
  };
}

/** More than any revision is: the largest number of an `integer` column. */
const NEWEST = 2 ** 31 - 1;

function preparePolicyQueries() {
  return {
    newest: prepareQuery((reader, { projectId }: OfProject) =>
      newestFirst(reader, projectId).selectAll(),
    ),
    // The index of revisions answers it alone.
    revision: prepareQuery((reader, { projectId }: OfProject) =>
      newestFirst(reader, projectId).select("revision"),
    ),
  };
}

interface OfProject {
  readonly projectId: string;
}

function newestFirst({ db }: Reader, projectId: string) {
  return db
    .selectFrom("policies")
    .where("project_id", "=", projectId)
    .orderBy("revision", "desc")
    .limit(1);
}

function readCursor(cursor: string): number {
  const [, revision] = decodeCursor(cursor, ["policies", 0] as const);
  return Math.max(0, Math.min(revision, NEWEST));
}

function toRow(policy: PolicyRevision): PolicyRow {
  return {
    id: policy.id,
    project_id: policy.projectId,
    revision: policy.revision,
    note: policy.note ?? null,
    created_at: policy.createdAt,
    ...toActorColumns("created_by", policy.createdBy),
    event_id: policy.eventId,
    text: policy.text,
  };
}

function toRevision(row: PolicyRow, dialect: Dialect): PolicyRevision {
  return {
    id: row.id,
    projectId: row.project_id,
    revision: row.revision,
    text: row.text,
    ...optional("note", row.note),
    createdAt: dialect.decodeInteger(row.created_at),
    createdBy: actorIn("created_by", row),
    eventId: row.event_id,
  };
}
