import type { PublicP256Jwk } from "@holdpoint/protocol/gate";
import { agentActor } from "../../domain/actor.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { AgentIdentityRow } from "../schema.js";
import type { AgentIdentity, AgentIdentityStore } from "../verbs/identities.js";
import { actorIn, integerIn, toActorColumns } from "./columns.js";
import { createEnrolments, type EnrolmentUse } from "./enrolments.js";
import type { ProjectEventWriter } from "./project-events.js";
import { optional } from "./request-row.js";
import { createTouch } from "./touch.js";

export function createAgentIdentityStore(
  { read, write, dialect }: Database,
  appendProjectEvent: ProjectEventWriter,
): AgentIdentityStore {
  const enrolments = createEnrolments(dialect);
  const findByThumbprint = prepareQuery((reader, key: { readonly thumbprint: string }) =>
    selectIdentities(reader).where("agent_identities.key_thumbprint", "=", key.thumbprint),
  );

  async function find(reader: Reader, thumbprint: string): Promise<AgentIdentity | undefined> {
    const { rows } = await findByThumbprint(reader, { thumbprint });
    return rows[0] && toIdentity(rows[0], dialect);
  }

  async function enrol(
    transaction: Transaction,
    use: Parameters<AgentIdentityStore["enrol"]>[0],
  ): ReturnType<AgentIdentityStore["enrol"]> {
    const standing = await find(transaction, use.keyThumbprint);
    if (standing !== undefined) return enrolAgain(transaction, standing, use.codeHash);
    const used = await enrolments.use(transaction, use.codeHash, use.at);
    if (used === undefined) return { outcome: "no_code" };
    const row = toRow(use, used, dialect);
    const inserted = await transaction.db
      .insertInto("agent_identities")
      .values(row)
      .onConflict((conflict) => conflict.column("key_thumbprint").doNothing())
      .executeTakeFirst();
    // Enrolled by somebody else in between: undone, so that the code is not used up.
    if (inserted.numInsertedOrUpdatedRows !== 1n) throw new KeyTaken();
    const { agent } = used;
    await appendProjectEvent(transaction, {
      id: use.eventId,
      projectId: used.projectId,
      type: "agent.enrolled",
      at: use.at,
      actor: agentActor(agent),
      agentId: agent.id,
      subject: { id: use.id },
    });
    return {
      outcome: "enrolled",
      identity: toIdentity({ ...row, agent_name: agent.name }, dialect),
    };
  }

  /** The answer to the first time may have been lost: the code was used for this very key. */
  async function enrolAgain(
    transaction: Transaction,
    identity: AgentIdentity,
    codeHash: string,
  ): ReturnType<AgentIdentityStore["enrol"]> {
    const isSame = await enrolments.wasUsedFor(transaction, codeHash, identity);
    return isSame ? { outcome: "enrolled", identity } : { outcome: "key_taken" };
  }

  async function revoke(
    transaction: Transaction,
    projectId: string,
    identityId: string,
    { eventId, at, actor }: Parameters<AgentIdentityStore["revoke"]>[2],
  ): Promise<AgentIdentity | undefined> {
    const revoked = await transaction.db
      .updateTable("agent_identities")
      .set({ revoked_at: at })
      .where("id", "=", identityId)
      .where("project_id", "=", projectId)
      .where("revoked_at", "is", null)
      .returning("agent_id")
      .executeTakeFirst();
    if (revoked !== undefined) {
      await appendProjectEvent(transaction, {
        id: eventId,
        projectId,
        type: "agent.revoked",
        at,
        actor,
        agentId: revoked.agent_id,
        subject: { id: identityId },
      });
    }
    const row = await selectIdentities(transaction)
      .where("agent_identities.id", "=", identityId)
      .where("agent_identities.project_id", "=", projectId)
      .executeTakeFirst();
    return row && toIdentity(row, dialect);
  }

  return {
    createEnrolment: (enrolment) =>
      write((transaction) => enrolments.create(transaction, enrolment)),
    enrol: (use) =>
      write((transaction) => enrol(transaction, use)).catch((error: unknown) => {
        if (error instanceof KeyTaken) return { outcome: "key_taken" };
        throw error;
      }),
    async list(projectId, agentId) {
      const rows = await read((reader) => {
        const all = selectIdentities(reader)
          .where("agent_identities.project_id", "=", projectId)
          .orderBy("agent_identities.created_at", "desc")
          .orderBy("agent_identities.id", "desc");
        const some =
          agentId === undefined ? all : all.where("agent_identities.agent_id", "=", agentId);
        return some.execute();
      });
      return rows.map((row) => toIdentity(row, dialect));
    },
    findByThumbprint: (thumbprint) => read((reader) => find(reader, thumbprint)),
    revoke: (projectId, identityId, change) =>
      write((transaction) => revoke(transaction, projectId, identityId, change)),
    touch: createTouch((id, at, before) =>
      write(async ({ db }) => {
        await db
          .updateTable("agent_identities")
          .set({ last_used_at: at })
          .where("id", "=", id)
          .where((where) =>
            where.or([where("last_used_at", "is", null), where("last_used_at", "<=", before)]),
          )
          .execute();
      }),
    ),
  };
}

/** Undoes an enrolment whose key was enrolled meanwhile. */
class KeyTaken extends Error {}

type JoinedRow = AgentIdentityRow & { readonly agent_name: string };

function selectIdentities({ db }: Reader) {
  return db
    .selectFrom("agent_identities")
    .innerJoin("agents", "agents.id", "agent_identities.agent_id")
    .selectAll("agent_identities")
    .select("agents.name as agent_name");
}

function toRow(
  use: Parameters<AgentIdentityStore["enrol"]>[0],
  { projectId, agent, scopes, createdBy }: EnrolmentUse,
  dialect: Dialect,
): AgentIdentityRow {
  return {
    id: use.id,
    project_id: projectId,
    agent_id: agent.id,
    key_thumbprint: use.keyThumbprint,
    public_key: dialect.encodeJson(use.publicKey) as AgentIdentityRow["public_key"],
    scopes: dialect.encodeJson(scopes) as AgentIdentityRow["scopes"],
    created_at: use.at,
    ...toActorColumns("enrolled_by", createdBy),
    event_id: use.eventId,
    last_used_at: null,
    revoked_at: null,
  };
}

function toIdentity(row: JoinedRow, dialect: Dialect): AgentIdentity {
  const time = integerIn(dialect);
  return {
    id: row.id,
    projectId: row.project_id,
    agent: { id: row.agent_id, name: row.agent_name },
    keyThumbprint: row.key_thumbprint,
    publicKey: dialect.decodeJson(row.public_key) as PublicP256Jwk,
    scopes: dialect.decodeJson(row.scopes) as string[],
    createdAt: dialect.decodeInteger(row.created_at),
    enrolledBy: actorIn("enrolled_by", row),
    eventId: row.event_id,
    ...optional("lastUsedAt", time(row.last_used_at)),
    ...optional("revokedAt", time(row.revoked_at)),
  };
}
