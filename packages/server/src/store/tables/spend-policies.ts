import type { SpendPolicy } from "@holdpoint/protocol/spend";
import type { Database, Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { SpendPolicyRow } from "../schema.js";
import type { SpendPolicyRevision, SpendPolicyStore, SpendTarget } from "../verbs/spend-limits.js";
import { actorIn, toActorColumns } from "./columns.js";
import { loadPastPurchases } from "./past-purchases.js";
import { settlePurchases } from "./spending-lock.js";

export function createSpendPolicyStore({ read, write, dialect }: Database): SpendPolicyStore {
  return {
    set: (revision) =>
      write(async (transaction) => {
        const { db } = transaction;
        const { projectId, createdBy } = revision;
        const { scope, scopeId } = placeOf(revision);
        // Two who set the same policy make two revisions, one after the other.
        await dialect.lockName(db, `spend policy of ${scopeId}`, "alone");
        await settlePurchases(transaction, dialect, projectId);
        const standing = ofTarget(transaction, revision);
        const same = await standing.where("spend_policies.id", "=", revision.id).executeTakeFirst();
        if (same !== undefined) return toRevision(same, dialect);
        const newest = await standing.limit(1).executeTakeFirst();
        await db
          .insertInto("spend_policies")
          .values({
            id: revision.id,
            project_id: projectId,
            scope,
            scope_id: scopeId,
            revision: (newest?.revision ?? 0) + 1,
            policy: revision.policy === null ? null : dialect.encodeJson(revision.policy),
            created_at: revision.createdAt,
            ...toActorColumns("created_by", createdBy),
          })
          .execute();
        return toRevision(await standing.limit(1).executeTakeFirstOrThrow(), dialect);
      }),
    async listInForce(projectId) {
      const rows = await read((reader) =>
        selectRevisions(reader)
          .where("spend_policies.project_id", "=", projectId)
          .where("spend_policies.policy", "is not", null)
          .where(({ eb, selectFrom }) =>
            eb(
              "spend_policies.revision",
              "=",
              selectFrom("spend_policies as newest")
                .select(({ fn }) => fn.max("newest.revision").as("revision"))
                .whereRef("newest.project_id", "=", "spend_policies.project_id")
                .whereRef("newest.scope", "=", "spend_policies.scope")
                .whereRef("newest.scope_id", "=", "spend_policies.scope_id"),
            ),
          )
          .orderBy("spend_policies.scope", "desc")
          .orderBy("agents.name")
          .execute(),
      );
      return rows.map((row) => toRevision(row, dialect));
    },
    async listHistory(target, limit) {
      const rows = await read((reader) => ofTarget(reader, target).limit(limit).execute());
      return rows.map((row) => toRevision(row, dialect));
    },
    listPast: (projectId, limit) =>
      read((reader) => loadPastPurchases(reader, dialect, projectId, limit)),
  };
}

interface PlaceOf {
  readonly projectId: string;
  readonly scope: "agent" | "project";
  readonly scopeId: string;
}

/** Where a policy or kill switch of this target is kept. */
export function placeOf({ projectId, agentId }: SpendTarget): Omit<PlaceOf, "projectId"> {
  return agentId === undefined
    ? { scope: "project", scopeId: projectId }
    : { scope: "agent", scopeId: agentId };
}

function selectRevisions({ db }: Reader) {
  return db
    .selectFrom("spend_policies")
    .leftJoin("agents", "agents.id", "spend_policies.scope_id")
    .selectAll("spend_policies")
    .select("agents.name as agent_name");
}

/** Newest first. */
function ofTarget(reader: Reader, target: SpendTarget) {
  const { scope, scopeId } = placeOf(target);
  return selectRevisions(reader)
    .where("spend_policies.project_id", "=", target.projectId)
    .where("spend_policies.scope", "=", scope)
    .where("spend_policies.scope_id", "=", scopeId)
    .orderBy("spend_policies.revision", "desc");
}

type JoinedRow = SpendPolicyRow & { readonly agent_name: string | null };

function toRevision(row: JoinedRow, dialect: Dialect): SpendPolicyRevision {
  const { scope_id: id, agent_name: name } = row;
  return {
    id: row.id,
    projectId: row.project_id,
    ...(name !== null && { agent: { id, name } }),
    revision: row.revision,
    policy: row.policy === null ? null : (dialect.decodeJson(row.policy) as SpendPolicy),
    createdAt: dialect.decodeInteger(row.created_at),
    createdBy: actorIn("created_by", row),
  };
}
