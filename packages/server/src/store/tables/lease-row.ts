import { sql } from "kysely";
import type { GateSession, Lease, StandingLease } from "../../domain/identity/lease.js";
import type { Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { GateSessionRow, LeaseRow } from "../schema.js";
import { actorIn, integerIn } from "./columns.js";
import { optional } from "./request-row.js";

/** A lease with its session, its agent, its authority and its credential, whichever that is. */
export function selectLeases({ db }: Reader) {
  return db
    .selectFrom("leases")
    .innerJoin("gate_sessions", "gate_sessions.id", "leases.session_id")
    .innerJoin("agents", "agents.id", "leases.agent_id")
    .leftJoin("authorities", "authorities.project_id", "leases.project_id")
    .leftJoin("api_keys", "api_keys.id", "leases.credential_id")
    .leftJoin("agent_identities", "agent_identities.id", "leases.credential_id")
    .selectAll("leases")
    .select([
      "agents.name as agent_name",
      "gate_sessions.scopes",
      "gate_sessions.epoch as session_epoch",
      "gate_sessions.calls",
      "gate_sessions.max_calls",
      "gate_sessions.cost",
      "gate_sessions.max_cost",
      "gate_sessions.currency",
      "gate_sessions.created_at as session_created_at",
      "authorities.epoch as authority_epoch",
      "authorities.frozen as authority_frozen",
      "api_keys.expires_at as credential_expires_at",
      sql<string | null>`coalesce(api_keys.id, agent_identities.id)`.as("known_credential"),
      sql<number | null>`coalesce(api_keys.revoked_at, agent_identities.revoked_at)`.as(
        "credential_revoked_at",
      ),
    ]);
}

export type JoinedLease = Awaited<
  ReturnType<ReturnType<typeof selectLeases>["executeTakeFirstOrThrow"]>
>;

export function toStandingLease(row: JoinedLease, dialect: Dialect): StandingLease {
  const session = toSession(
    {
      id: row.session_id,
      project_id: row.project_id,
      agent_id: row.agent_id,
      scopes: row.scopes,
      epoch: row.session_epoch,
      calls: row.calls,
      max_calls: row.max_calls,
      cost: row.cost,
      max_cost: row.max_cost,
      currency: row.currency,
      created_at: row.session_created_at,
    },
    row.agent_name,
    dialect,
  );
  const { authority_epoch: epoch, authority_frozen: frozen } = row;
  const integer = integerIn(dialect);
  return {
    lease: toLease(row, session, dialect),
    authority: { epoch: epoch ?? 0, frozen: frozen !== null && dialect.decodeBoolean(frozen) },
    ...(row.known_credential !== null && {
      credential: {
        ...optional("expiresAt", integer(row.credential_expires_at)),
        ...optional("revokedAt", integer(row.credential_revoked_at)),
      },
    }),
  };
}

export function toSession(row: GateSessionRow, agentName: string, dialect: Dialect): GateSession {
  const integer = integerIn(dialect);
  return {
    id: row.id,
    projectId: row.project_id,
    agent: { id: row.agent_id, name: agentName },
    scopes: dialect.decodeJson(row.scopes) as string[],
    epoch: row.epoch,
    calls: dialect.decodeInteger(row.calls),
    ...optional("maxCalls", integer(row.max_calls)),
    cost: dialect.decodeInteger(row.cost),
    ...optional("maxCost", integer(row.max_cost)),
    ...optional("currency", row.currency),
    createdAt: dialect.decodeInteger(row.created_at),
  };
}

export function toLease(row: LeaseRow, session: GateSession, dialect: Dialect): Lease {
  return {
    id: row.id,
    session,
    credentialId: row.credential_id,
    keyThumbprint: row.key_thumbprint,
    epoch: row.epoch,
    issuedAt: dialect.decodeInteger(row.issued_at),
    expiresAt: dialect.decodeInteger(row.expires_at),
    eventId: row.event_id,
    ...optional("revokedAt", integerIn(dialect)(row.revoked_at)),
    ...optional("revokedBy", actorIn("revoked_by", row)),
  };
}
