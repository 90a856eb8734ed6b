import type { Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { EnrolmentRow } from "../schema.js";
import type { AgentIdentity, AgentIdentityStore, Enrolment } from "../verbs/identities.js";
import { ensureAgent } from "./agents.js";
import { actorIn, toActorColumns } from "./columns.js";

/** What a code that has just been used up was for. */
export type EnrolmentUse = Pick<Enrolment, "projectId" | "agent" | "scopes" | "createdBy">;

export interface Enrolments {
  create(
    transaction: Transaction,
    enrolment: Parameters<AgentIdentityStore["createEnrolment"]>[0],
  ): Promise<Enrolment>;
  /** Of all who come with a code, one finds it unused. */
  use(transaction: Transaction, codeHash: string, at: number): Promise<EnrolmentUse | undefined>;
  /** Whether this code was used up by enrolling this identity. */
  wasUsedFor(reader: Reader, codeHash: string, identity: AgentIdentity): Promise<boolean>;
}

export function createEnrolments(dialect: Dialect): Enrolments {
  return {
    async create(transaction, enrolment) {
      const { id, projectId, createdBy } = enrolment;
      const agentId = await ensureAgent(transaction, enrolment);
      await transaction.db
        .insertInto("enrolments")
        .values({
          id,
          project_id: projectId,
          agent_id: agentId,
          code_hash: enrolment.codeHash,
          scopes: dialect.encodeJson(enrolment.scopes),
          created_at: enrolment.createdAt,
          expires_at: enrolment.expiresAt,
          ...toActorColumns("created_by", createdBy),
          used_at: null,
        })
        .onConflict((conflict) => conflict.column("id").doNothing())
        .execute();
      const row = await selectEnrolments(transaction)
        .where("enrolments.id", "=", id)
        .executeTakeFirstOrThrow();
      return toEnrolment(row, dialect);
    },
    async use(transaction, codeHash, at) {
      const used = await transaction.db
        .updateTable("enrolments")
        .set({ used_at: at })
        .where("code_hash", "=", codeHash)
        .where("used_at", "is", null)
        .where("expires_at", ">", at)
        .returning("id")
        .executeTakeFirst();
      if (used === undefined) return undefined;
      const row = await selectEnrolments(transaction)
        .where("enrolments.id", "=", used.id)
        .executeTakeFirstOrThrow();
      return toEnrolment(row, dialect);
    },
    async wasUsedFor({ db }, codeHash, { agent, createdAt }) {
      const row = await db
        .selectFrom("enrolments")
        .select("id")
        .where("code_hash", "=", codeHash)
        .where("agent_id", "=", agent.id)
        .where("used_at", "=", createdAt)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function selectEnrolments({ db }: Reader) {
  return db
    .selectFrom("enrolments")
    .innerJoin("agents", "agents.id", "enrolments.agent_id")
    .selectAll("enrolments")
    .select("agents.name as agent_name");
}

function toEnrolment(
  row: EnrolmentRow & { readonly agent_name: string },
  dialect: Dialect,
): Enrolment {
  return {
    id: row.id,
    projectId: row.project_id,
    agent: { id: row.agent_id, name: row.agent_name },
    scopes: dialect.decodeJson(row.scopes) as string[],
    createdAt: dialect.decodeInteger(row.created_at),
    createdBy: actorIn("created_by", row),
    expiresAt: dialect.decodeInteger(row.expires_at),
  };
}
