import type { CallerLease } from "../../domain/caller.js";
import type { GatePart } from "../../domain/event.js";
import type { CallCost, CalledAction, GateCall } from "../../domain/gate/call.js";
import type { Dialect } from "../dialects/dialect.js";
import type { GateCallRow } from "../schema.js";
import { optional } from "./request-row.js";

/** What the gate knows of a call, without the request it is. */
export type GateFacts = Omit<GateCall, "request" | "execution" | "outcomeEventId">;

export function toGateCallRow(call: {
  readonly request: {
    readonly id: string;
    readonly projectId: string;
    readonly agent: { readonly id: string };
    readonly createdAt: number;
  };
  readonly action: CalledAction;
  readonly lease: CallerLease;
  readonly cost?: CallCost;
  readonly startedAt?: number;
}): GateCallRow {
  const { request, action, lease, cost, startedAt } = call;
  return {
    request_id: request.id,
    project_id: request.projectId,
    agent_id: request.agent.id,
    session_id: lease.sessionId,
    lease_id: lease.id,
    action_id: action.id,
    action_version: action.version,
    action_digest: action.digest,
    ...toCostColumns(cost),
    asked_at: request.createdAt,
    started_at: startedAt ?? null,
    finished_at: null,
    verification: null,
    verification_detail: null,
  };
}

export function toCostColumns(cost: CallCost | undefined) {
  return { cost: cost?.amountMinor ?? 0, currency: cost?.currency ?? null };
}

export function toGateFacts({ decodeInteger }: Dialect, row: GateCallRow): GateFacts {
  const time = (name: "startedAt" | "finishedAt", at: number | null) =>
    optional(name, at === null ? null : decodeInteger(at));
  return {
    action: { id: row.action_id, version: row.action_version, digest: row.action_digest },
    sessionId: row.session_id,
    leaseId: row.lease_id,
    ...(row.currency !== null && {
      cost: { amountMinor: decodeInteger(row.cost), currency: row.currency },
    }),
    askedAt: decodeInteger(row.asked_at),
    ...time("startedAt", row.started_at),
    ...time("finishedAt", row.finished_at),
    ...(row.verification !== null && {
      verification: { status: row.verification, ...optional("detail", row.verification_detail) },
    }),
  };
}

/** What every event of a call says of it. */
export function toGatePart(row: GateCallRow): GatePart {
  return {
    actionVersion: row.action_version,
    actionDigest: row.action_digest,
    sessionId: row.session_id,
    leaseId: row.lease_id,
  };
}
