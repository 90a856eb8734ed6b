import { agentActor } from "../../domain/actor.js";
import { digestTextOf } from "../../domain/digest.js";
import type { GateSession } from "../../domain/identity/lease.js";
import { type LeaseClaims, signLease } from "../../domain/identity/token.js";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader, Transaction } from "../database.js";
import { prepareQuery } from "../prepared.js";
import type { LeaseRow } from "../schema.js";
import type { LeaseQuery, LeaseStore, NewLease } from "../verbs/leases.js";
import { currentEpoch, prepareAuthority } from "./authorities.js";
import { toActorColumns } from "./columns.js";
import { findSession, openSession } from "./gate-sessions.js";
import type { KeyRing } from "./key-ring.js";
import { selectLeases, toLease, toStandingLease } from "./lease-row.js";
import type { ProjectEventWriter } from "./project-events.js";

export function createLeaseStore(
  { read, write, dialect }: Database,
  keyRing: KeyRing,
  appendProjectEvent: ProjectEventWriter,
): LeaseStore {
  const authority = prepareAuthority(dialect);
  const findLease = prepareQuery((reader, key: { readonly leaseId: string }) =>
    selectLeases(reader).where("leases.id", "=", key.leaseId),
  );

  async function issue(lease: NewLease): ReturnType<LeaseStore["issue"]> {
    const { projectId, agent, issuedAt: at } = lease;
    return write(async (transaction) => {
      await authority.hold(transaction, projectId);
      const { epoch, frozen } = await authority.read(transaction, projectId);
      if (frozen) return { outcome: "frozen" };
      const session = await openSession(transaction, dialect, lease, epoch);
      if (session === undefined) return { outcome: "no_session" };
      const row = toRow(lease, session);
      await transaction.db.insertInto("leases").values(row).execute();
      await appendProjectEvent(transaction, {
        id: lease.eventId,
        projectId,
        type: "lease.issued",
        at,
        actor: agentActor(agent),
        agentId: agent.id,
        subject: { id: lease.id, digest: digestTextOf(termsOf(lease, session)) },
      });
      const signer = await keyRing.signer(transaction, "lease", at);
      const token = signLease(signer, claimsOf(lease, session));
      return { outcome: "issued", lease: toLease(row, session, dialect), token };
    });
  }

  async function find(reader: Reader, leaseId: string) {
    const { rows } = await findLease(reader, { leaseId });
    return rows[0] && toStandingLease(rows[0], dialect);
  }

  async function revoke(
    transaction: Transaction,
    projectId: string,
    leaseId: string,
    { eventId, at, actor }: Parameters<LeaseStore["revoke"]>[2],
  ) {
    const revoked = await transaction.db
      .updateTable("leases")
      .set({
        revoked_at: at,
        ...toActorColumns("revoked_by", actor),
      })
      .where("id", "=", leaseId)
      .where("project_id", "=", projectId)
      .where("revoked_at", "is", null)
      .returning("agent_id")
      .executeTakeFirst();
    if (revoked !== undefined) {
      await appendProjectEvent(transaction, {
        id: eventId,
        projectId,
        type: "lease.revoked",
        at,
        actor,
        agentId: revoked.agent_id,
        subject: { id: leaseId },
      });
    }
    const standing = await find(transaction, leaseId);
    return standing?.lease.session.projectId === projectId ? standing : undefined;
  }

  return {
    issue,
    find: (leaseId) => read((reader) => find(reader, leaseId)),
    findSession: (projectId, agentId, sessionId) =>
      read((reader) => findSession(reader, dialect, { projectId, agentId, sessionId })),
    async list(projectId, query) {
      const rows = await read((reader) => selectPage(reader, projectId, query).execute());
      // One row more than asked for tells that there is a next page.
      const shown = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? shown.at(-1) : undefined;
      return {
        items: shown.map((row) => toStandingLease(row, dialect)),
        nextCursor:
          last === undefined
            ? null
            : encodeCursor(["leases", dialect.decodeInteger(last.issued_at), last.id]),
      };
    },
    revoke: (projectId, leaseId, change) =>
      write((transaction) => revoke(transaction, projectId, leaseId, change)),
  };
}

function selectPage(
  reader: Reader,
  projectId: string,
  { agentId, liveAt, limit, cursor }: LeaseQuery,
) {
  let page = selectLeases(reader)
    .where("leases.project_id", "=", projectId)
    .orderBy("leases.issued_at", "desc")
    .orderBy("leases.id", "desc")
    .limit(limit + 1);
  if (agentId !== undefined) page = page.where("leases.agent_id", "=", agentId);
  if (liveAt !== undefined) page = whereLive(page, projectId, liveAt);
  if (cursor === undefined) return page;
  const [, issuedAt, id] = decodeCursor(cursor, ["leases", 0, ""]);
  return page.where((where) =>
    where.or([
      where("leases.issued_at", "<", issuedAt),
      where.and([where("leases.issued_at", "=", issuedAt), where("leases.id", "<", id)]),
    ]),
  );
}

type LeasePage = ReturnType<typeof selectLeases>;

/** What {@link leaseStatus} calls live, for the database. */
function whereLive(page: LeasePage, projectId: string, at: number): LeasePage {
  return page
    .where("leases.revoked_at", "is", null)
    .where("leases.expires_at", ">", at)
    .where("leases.epoch", "=", currentEpoch(projectId))
    .where((where) =>
      where.or([
        where.and([
          where("api_keys.id", "is not", null),
          where("api_keys.revoked_at", "is", null),
          where.or([
            where("api_keys.expires_at", "is", null),
            where("api_keys.expires_at", ">", at),
          ]),
        ]),
        where.and([
          where("agent_identities.id", "is not", null),
          where("agent_identities.revoked_at", "is", null),
        ]),
      ]),
    );
}

function toRow(lease: NewLease, session: GateSession): LeaseRow {
  return {
    id: lease.id,
    project_id: lease.projectId,
    agent_id: lease.agent.id,
    session_id: session.id,
    credential_id: lease.credentialId,
    key_thumbprint: lease.keyThumbprint,
    epoch: session.epoch,
    issued_at: lease.issuedAt,
    expires_at: lease.expiresAt,
    event_id: lease.eventId,
    revoked_at: null,
    revoked_by_type: null,
    revoked_by_id: null,
    revoked_by_name: null,
  };
}

/** What its receipt pins down of a lease. */
function termsOf(lease: NewLease, session: GateSession) {
  return {
    session_id: session.id,
    key_thumbprint: lease.keyThumbprint,
    scopes: session.scopes,
    expires_at: new Date(lease.expiresAt).toISOString(),
  };
}

function claimsOf(lease: NewLease, { scopes }: GateSession): LeaseClaims {
  return {
    iss: lease.issuer,
    aud: lease.issuer,
    sub: lease.agent.id,
    client_id: lease.agent.id,
    scope: scopes.join(" "),
    jti: lease.id,
    iat: Math.floor(lease.issuedAt / 1_000),
    exp: Math.floor(lease.expiresAt / 1_000),
    cnf: { jkt: lease.keyThumbprint },
  };
}
