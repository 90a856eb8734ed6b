import { LIMITS } from "@holdpoint/protocol";
import type { ActionManifest } from "@holdpoint/protocol/gate";
import type { ExpressionBuilder } from "kysely";
import type { Action } from "../../domain/gate/action.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { ActionRow, Schema } from "../schema.js";
import type { ActionStore, ActionUse } from "../verbs/actions.js";
import { actorIn, toActorColumns } from "./columns.js";
import type { ProjectEventWriter } from "./project-events.js";

export function createActionStore(
  { read, write, dialect }: Database,
  appendEvent: ProjectEventWriter,
): ActionStore {
  return {
    register: (action) =>
      write(async (transaction) => {
        // Of two at once that register, one counts the other's version.
        await enter(transaction, dialect, action.projectId);
        const { projectId, id } = action;
        const versions = await selectVersionsOf(transaction, projectId, id).execute();
        const [newest] = versions;
        const current = newest?.withdrawn_at === null ? newest : undefined;
        if (current?.digest === action.digest) {
          return { outcome: "same", action: toAction(current, dialect) };
        }
        if (versions.some(({ version }) => version === action.version)) {
          return { outcome: "version_taken" };
        }
        if (current === undefined && (await countInUse(transaction, projectId)) >= LIMITS.actions) {
          return { outcome: "too_many" };
        }
        await insertVersion(transaction, dialect, action, (newest?.generation ?? 0) + 1);
        await appendEvent(transaction, {
          id: action.eventId,
          projectId,
          type: "action.registered",
          at: action.registeredAt,
          actor: action.registeredBy,
          subject: { id, version: action.version, digest: action.digest },
        });
        return { outcome: "registered", action };
      }),
    async list(projectId) {
      const rows = await read((reader) =>
        selectVersions(reader, projectId)
          .where("actions.withdrawn_at", "is", null)
          .where(isNewest)
          .orderBy("actions.id")
          .limit(LIMITS.actions)
          .execute(),
      );
      return rows.map((row) => toAction(row, dialect));
    },
    async find(projectId, actionId, digest) {
      const row = await read((reader) => {
        const versions = selectVersionsOf(reader, projectId, actionId).limit(1);
        const wanted =
          digest === undefined
            ? versions.where("withdrawn_at", "is", null)
            : versions.where("digest", "=", digest);
        return wanted.executeTakeFirst();
      });
      return row && toAction(row, dialect);
    },
    async listVersions(projectId, actionId, limit) {
      const rows = await read((reader) =>
        selectVersionsOf(reader, projectId, actionId).limit(limit).execute(),
      );
      return rows.map((row) => toAction(row, dialect));
    },
    async listUses(projectId, actionId) {
      const rows = await read((reader) => {
        const calls = selectUses(reader, projectId);
        return actionId === undefined
          ? calls.execute()
          : calls.where("action_id", "=", actionId).execute();
      });
      return new Map(rows.map((row) => [row.action_id, toUse(row, dialect)]));
    },
    withdraw: (projectId, actionId, { eventId, at, actor }) =>
      write(async (transaction) => {
        await enter(transaction, dialect, projectId);
        const withdrawn = await transaction.db
          .updateTable("actions")
          .set({ withdrawn_at: at })
          .where("project_id", "=", projectId)
          .where("id", "=", actionId)
          .where("withdrawn_at", "is", null)
          .returningAll()
          .execute();
        const newest = withdrawn.toSorted((a, b) => b.generation - a.generation).at(0);
        if (newest === undefined) return undefined;
        const { id, version, digest } = newest;
        await appendEvent(transaction, {
          id: eventId,
          projectId,
          type: "action.withdrawn",
          at,
          actor,
          subject: { id, version, digest },
        });
        return toAction(newest, dialect);
      }),
  };
}

function enter({ db }: Transaction, dialect: Dialect, projectId: string): Promise<void> {
  return dialect.lockName(db, `actions of ${projectId}`, "alone");
}

function selectVersions({ db }: Reader, projectId: string) {
  return db.selectFrom("actions").selectAll("actions").where("actions.project_id", "=", projectId);
}

/** Newest first. */
function selectVersionsOf(reader: Reader, projectId: string, actionId: string) {
  return selectVersions(reader, projectId)
    .where("actions.id", "=", actionId)
    .orderBy("actions.generation", "desc");
}

function isNewest({ eb, selectFrom }: ExpressionBuilder<Schema, "actions">) {
  const newest = selectFrom("actions as other")
    .select(({ fn }) => fn.max("other.generation").as("generation"))
    .whereRef("other.project_id", "=", "actions.project_id")
    .whereRef("other.id", "=", "actions.id");
  return eb("actions.generation", "=", newest);
}

function selectUses({ db }: Reader, projectId: string) {
  return db
    .selectFrom("gate_calls")
    .select(({ fn }) => [
      "action_id",
      fn.countAll().as("calls"),
      fn.max("started_at").as("last_called_at"),
    ])
    .where("project_id", "=", projectId)
    .where("started_at", "is not", null)
    .groupBy("action_id");
}

async function countInUse({ db }: Reader, projectId: string): Promise<number> {
  const { ids } = await db
    .selectFrom("actions")
    .select(({ fn }) => fn.count("id").distinct().as("ids"))
    .where("project_id", "=", projectId)
    .where("withdrawn_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(ids);
}

async function insertVersion(
  { db }: Transaction,
  dialect: Dialect,
  action: Omit<Action, "withdrawnAt">,
  generation: number,
): Promise<void> {
  const { registeredBy } = action;
  await db
    .insertInto("actions")
    .values({
      project_id: action.projectId,
      id: action.id,
      version: action.version,
      generation,
      digest: action.digest,
      registered_at: action.registeredAt,
      ...toActorColumns("registered_by", registeredBy),
      event_id: action.eventId,
      withdrawn_at: null,
      manifest: dialect.encodeJson(action.manifest),
    })
    .execute();
}

function toAction(row: ActionRow, dialect: Dialect): Action {
  const { withdrawn_at: withdrawnAt } = row;
  return {
    projectId: row.project_id,
    id: row.id,
    version: row.version,
    digest: row.digest,
    manifest: dialect.decodeJson(row.manifest) as ActionManifest,
    registeredAt: dialect.decodeInteger(row.registered_at),
    registeredBy: actorIn("registered_by", row),
    eventId: row.event_id,
    ...(withdrawnAt !== null && { withdrawnAt: dialect.decodeInteger(withdrawnAt) }),
  };
}

function toUse(
  row: { readonly calls: unknown; readonly last_called_at: unknown },
  dialect: Dialect,
): ActionUse {
  return {
    calls: dialect.decodeInteger(row.calls),
    lastCalledAt: dialect.decodeInteger(row.last_called_at),
  };
}
