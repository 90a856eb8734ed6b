import { PRIORITIES, type Priority } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { RequestEvent } from "../../domain/event.js";
import type { Grant, NewRequest, Request, Resolution } from "../../domain/request.js";
import type { Dialect } from "../dialects/dialect.js";
import type { RequestRow } from "../schema.js";
import {
  type RequestSeal,
  type SealedColumn,
  sealWhereSaid,
  type Vault,
} from "../sealing/vault.js";
import type { ListedRequest } from "../store.js";
import { actorIn, toActorColumns } from "./columns.js";

/** The columns a list shows: nothing sealed, nothing long. */
export const LISTED_COLUMNS = [
  "id",
  "project_id",
  "agent_id",
  "agent_name",
  "agent_label",
  "service",
  "action",
  "status",
  "urgency",
  "role",
  "quorum",
  "encrypted",
  "decided_by_type",
  "decided_by_id",
  "decided_by_name",
  "created_at",
  "expires_at",
  "resolved_at",
  "execution_status",
  "revision",
  "skeleton_hash",
  "environment",
  "run_id",
  "parent_request_id",
  "metadata",
  "payload_digest",
  "approved_digest",
  "grant_id",
  "grant_expires_at",
  "resolution_event_id",
  "execution_id",
  "witness_digest",
  "state_id",
  "contents_deleted_at",
  "grant_epoch",
  "policy",
  "shield",
] as const satisfies readonly (keyof RequestRow)[];

export type ListedRow = Pick<RequestRow, (typeof LISTED_COLUMNS)[number]>;

/** Between requests and their rows, sealing and opening on the way. */
export class RequestMapper {
  readonly #dialect: Dialect;
  readonly #vault: Vault;

  constructor(dialect: Dialect, vault: Vault) {
    this.#dialect = dialect;
    this.#vault = vault;
  }

  toRow(request: NewRequest): RequestRow {
    const { seal, key } = this.#vault.createSeal(placeOf(request.projectId, request.id));
    const { schema } = request;
    return {
      id: request.id,
      project_id: request.projectId,
      agent_id: request.agent.id,
      agent_name: request.agent.name,
      agent_label: request.agentLabel ?? null,
      service: request.service,
      action: request.action,
      status: "PENDING",
      urgency: urgencyOf(request.priority),
      role: request.role ?? null,
      quorum: request.quorum ?? null,
      encrypted: this.#dialect.encodeBoolean(request.encrypted),
      decided_by_type: null,
      decided_by_id: null,
      decided_by_name: null,
      created_at: request.createdAt,
      expires_at: request.expiresAt,
      resolved_at: null,
      execution_status: "NONE",
      revision: 1,
      skeleton_hash: request.skeletonHash ?? null,
      environment: request.environment ?? null,
      run_id: request.runId ?? null,
      parent_request_id: request.parentRequestId ?? null,
      digest: request.digest,
      metadata: this.#dialect.encodeJson(request.metadata),
      master_key_id: key.masterKeyId,
      data_key: key.wrapped,
      sealed_reason: null,
      schema: schema === undefined ? null : this.#dialect.encodeJson(schema),
      sealed_payload: seal.seal("payload", request.payload),
      sealed_patch: null,
      sealed_diff: null,
      payload_digest: request.payloadDigest ?? null,
      approved_digest: null,
      grant_id: null,
      grant_expires_at: null,
      resolution_event_id: null,
      execution_id: null,
      witness_digest: request.witnessDigest ?? null,
      sealed_witness_change:
        request.witnessChange === undefined ? null : seal.seal("witness", request.witnessChange),
      state_id: request.stateId ?? null,
      contents_deleted_at: null,
      grant_epoch: 0,
      policy: request.policy === undefined ? null : this.#dialect.encodeJson(request.policy),
      shield: request.shield === undefined ? null : this.#dialect.encodeJson(request.shield),
    };
  }

  /** The columns that a resolution writes, beside status and revision. */
  toResolvedColumns(row: RequestRow, resolution: Resolution) {
    const { decidedBy, patchedPayload, diffSummary, reason, approvedDigest, grant } = resolution;
    const sealed = sealWhereSaid(() => this.#openSeal(row));
    return {
      ...toActorColumns("decided_by", decidedBy),
      resolved_at: resolution.at,
      sealed_patch: sealed("patch", patchedPayload),
      sealed_diff: sealed("diff", diffSummary),
      sealed_reason: sealed("reason", reason),
      approved_digest: approvedDigest ?? null,
      grant_id: grant?.id ?? null,
      grant_expires_at: grant?.expiresAt ?? null,
    };
  }

  toRequest(row: Omit<RequestRow, "digest">): Request {
    return { ...this.toListed(row), ...this.#schemaOf(row), ...this.#contentsOf(row) };
  }

  #schemaOf({ schema }: Pick<RequestRow, "schema">): Pick<Request, "schema"> {
    return optional(
      "schema",
      schema === null ? null : (this.#dialect.decodeJson(schema) as NonNullable<Request["schema"]>),
    );
  }

  /** What is sealed; nothing where retention has deleted it. */
  #contentsOf(row: Omit<RequestRow, "digest">): Partial<Request> {
    if (row.contents_deleted_at !== null) return {};
    const seal = this.#openSeal(row);
    return {
      payload: seal.open("payload", row.sealed_payload) as NonNullable<Request["payload"]>,
      ...optional(
        "patchedPayload",
        opened(seal, "patch", row.sealed_patch) as Request["patchedPayload"],
      ),
      ...optional("diffSummary", opened(seal, "diff", row.sealed_diff) as Request["diffSummary"]),
      ...optional("reason", opened(seal, "reason", row.sealed_reason) as string | undefined),
      ...optional(
        "witnessChange",
        opened(seal, "witness", row.sealed_witness_change) as Request["witnessChange"],
      ),
    };
  }

  toListed(row: ListedRow): ListedRequest {
    return {
      id: row.id,
      projectId: row.project_id,
      agent: { id: row.agent_id, name: row.agent_name },
      ...optional("agentLabel", row.agent_label),
      service: row.service,
      action: row.action,
      status: row.status,
      priority: priorityOf(row.urgency),
      ...optional("role", row.role),
      ...optional("quorum", row.quorum),
      encrypted: this.#dialect.decodeBoolean(row.encrypted),
      ...optional("decidedBy", actorIn("decided_by", row)),
      createdAt: this.#dialect.decodeInteger(row.created_at),
      expiresAt: this.#dialect.decodeInteger(row.expires_at),
      ...(row.resolved_at !== null && { resolvedAt: this.#dialect.decodeInteger(row.resolved_at) }),
      executionStatus: row.execution_status,
      revision: row.revision,
      ...optional("skeletonHash", row.skeleton_hash),
      metadata: this.#dialect.decodeJson(row.metadata) as Request["metadata"],
      ...optional("environment", row.environment),
      ...optional("runId", row.run_id),
      ...optional("parentRequestId", row.parent_request_id),
      ...optional("payloadDigest", row.payload_digest),
      ...optional("approvedDigest", row.approved_digest),
      ...optional("grant", this.#grantOf(row)),
      ...optional("resolutionEventId", row.resolution_event_id),
      ...optional("executionId", row.execution_id),
      ...optional("witnessDigest", row.witness_digest),
      ...optional("stateId", row.state_id),
      ...(row.contents_deleted_at !== null && {
        contentsDeletedAt: this.#dialect.decodeInteger(row.contents_deleted_at),
      }),
      ...optional("policy", this.#policyOf(row)),
      ...optional("shield", this.#shieldOf(row)),
    };
  }

  #policyOf({ policy }: Pick<ListedRow, "policy">): Request["policy"] | null {
    return policy === null ? null : (this.#dialect.decodeJson(policy) as Request["policy"]);
  }

  #shieldOf({ shield }: Pick<ListedRow, "shield">): Request["shield"] | null {
    return shield === null ? null : (this.#dialect.decodeJson(shield) as Request["shield"]);
  }

  /** What every event of this request says of it as it now stands, under a new id. */
  toEvent(row: ListedRow): Omit<RequestEvent, "type" | "at" | "actor"> {
    return {
      id: typeidUnboxed("evt"),
      projectId: row.project_id,
      requestId: row.id,
      agentId: row.agent_id,
      service: row.service,
      action: row.action,
      priority: priorityOf(row.urgency),
      status: row.status,
      revision: row.revision,
      ...optional("payloadDigest", row.payload_digest),
      ...optional("approvedDigest", row.approved_digest),
      ...optional("policy", this.#policyOf(row)),
      ...optional("shield", this.#shieldOf(row)),
    };
  }

  /** The operator's words, which lists show although they are sealed. */
  openReason(row: SealedReason): string | undefined {
    if (row.sealed_reason === null) return undefined;
    return opened(this.#openSeal(row), "reason", row.sealed_reason) as string | undefined;
  }

  #grantOf({ grant_id: id, grant_expires_at: expiresAt }: ListedRow): Grant | undefined {
    if (id === null || expiresAt === null) return undefined;
    return { id, expiresAt: this.#dialect.decodeInteger(expiresAt) };
  }

  #openSeal(row: SealedRow): RequestSeal {
    return this.#vault.openSeal(placeOf(row.project_id, row.id), {
      masterKeyId: row.master_key_id,
      wrapped: row.data_key,
    });
  }
}

type SealedRow = Pick<RequestRow, "id" | "project_id" | "master_key_id" | "data_key">;
type SealedReason = SealedRow & Pick<RequestRow, "sealed_reason">;

/** How far from the most urgent: 0 is `critical`. */
export function urgencyOf(priority: Priority): number {
  return PRIORITIES.length - 1 - PRIORITIES.indexOf(priority);
}

export function priorityOf(urgency: number): Priority {
  const priority = PRIORITIES[PRIORITIES.length - 1 - urgency];
  if (priority === undefined)
    throw new RangeError(`Expected an urgency of 0 to 3, got ${urgency}.`);
  return priority;
}

/** The member when there is a value, for `exactOptionalPropertyTypes`. */
export function optional<Name extends string, Value>(
  name: Name,
  value: Value | null | undefined,
): { readonly [name in Name]?: Value } {
  return (value === null || value === undefined ? {} : { [name]: value }) as {
    readonly [name in Name]?: Value;
  };
}

function opened(seal: RequestSeal, column: SealedColumn, sealed: Uint8Array | null) {
  return sealed === null ? undefined : seal.open(column, sealed);
}

function placeOf(projectId: string, requestId: string) {
  return { projectId, requestId };
}
