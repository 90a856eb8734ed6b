import { digestTextOf } from "../../domain/digest.js";
import type { ExecutionPart } from "../../domain/event.js";
import type { Claim, Ending, Execution, Reconciliation } from "../../domain/execution.js";
import type { Dialect } from "../dialects/dialect.js";
import type { ExecutionRow, RequestRow } from "../schema.js";
import {
  type RequestSeal,
  type SealedColumn,
  sealWhereSaid,
  type Vault,
} from "../sealing/vault.js";
import { actorIn, toActorColumns } from "./columns.js";
import { optional } from "./request-row.js";

/** Everything but what is sealed. */
export const OUTLINE_COLUMNS = [
  "id",
  "request_id",
  "project_id",
  "agent_id",
  "status",
  "fencing_token",
  "idempotent",
  "claim_id",
  "claimed_at",
  "lease_expires_at",
  "settled_at",
  "reconciled",
  "settled_by_type",
  "settled_by_id",
  "settled_by_name",
  "result_digest",
  "error_digest",
  "evidence_digest",
] as const satisfies readonly (keyof ExecutionRow)[];

export type OutlineRow = Pick<ExecutionRow, (typeof OUTLINE_COLUMNS)[number]>;

/** An execution beside its request's key. */
export type KeyedRow = ExecutionRow & Pick<RequestRow, "master_key_id" | "data_key">;

/** Between executions and their rows. What they say is sealed under the key of their request. */
export class ExecutionMapper {
  readonly #dialect: Dialect;
  readonly #vault: Vault;

  constructor(dialect: Dialect, vault: Vault) {
    this.#dialect = dialect;
    this.#vault = vault;
  }

  toRow(claim: Omit<Claim, "grantId" | "approvedDigest">): OutlineRow {
    return {
      id: claim.id,
      request_id: claim.requestId,
      project_id: claim.projectId,
      agent_id: claim.agent.id,
      status: "CLAIMED",
      fencing_token: 1,
      idempotent: this.#dialect.encodeBoolean(claim.idempotent),
      claim_id: claim.id,
      claimed_at: claim.at,
      lease_expires_at: claim.leaseExpiresAt,
      settled_at: null,
      reconciled: this.#dialect.encodeBoolean(false),
      settled_by_type: null,
      settled_by_id: null,
      settled_by_name: null,
      result_digest: null,
      error_digest: null,
      evidence_digest: null,
    };
  }

  /** The columns that an ending writes. */
  toEndedColumns(row: KeyedRow, ending: Ending | Reconciliation) {
    const { status, settledBy, at, result, error } = ending;
    const evidence = "evidence" in ending ? ending.evidence : undefined;
    const sealed = sealWhereSaid(() => this.#openSeal(row));
    return {
      status,
      settled_at: at,
      reconciled: this.#dialect.encodeBoolean("evidence" in ending),
      ...toActorColumns("settled_by", settledBy),
      result_digest: digestOrNull(result),
      error_digest: digestOrNull(error),
      evidence_digest: digestOrNull(evidence),
      sealed_result: sealed("result", result),
      sealed_error: sealed("error", error),
      sealed_evidence: sealed("evidence", evidence),
    };
  }

  toExecution(row: KeyedRow): Execution {
    const sealed = {
      result: row.sealed_result,
      error: row.sealed_error,
      evidence: row.sealed_evidence,
    };
    return { ...this.toOutline(row), ...this.#openAll(row, sealed) };
  }

  /** Without what the run said. */
  toOutline(row: OutlineRow): Execution {
    const { decodeInteger, decodeBoolean } = this.#dialect;
    return {
      id: row.id,
      requestId: row.request_id,
      projectId: row.project_id,
      agentId: row.agent_id,
      status: row.status,
      fencingToken: row.fencing_token,
      idempotent: decodeBoolean(row.idempotent),
      claimedAt: decodeInteger(row.claimed_at),
      leaseExpiresAt: decodeInteger(row.lease_expires_at),
      ...(row.settled_at !== null && { settledAt: decodeInteger(row.settled_at) }),
      reconciled: decodeBoolean(row.reconciled),
      ...optional("settledBy", actorIn("settled_by", row)),
    };
  }

  /** What an event says of the run. */
  toPart(row: OutlineRow): ExecutionPart {
    return {
      id: row.id,
      fencingToken: row.fencing_token,
      ...(this.#dialect.decodeBoolean(row.reconciled) && { reconciled: true }),
      ...optional("resultDigest", row.result_digest),
      ...optional("errorDigest", row.error_digest),
      ...optional("evidenceDigest", row.evidence_digest),
    };
  }

  #openAll(row: KeyedRow, columns: Record<string, Uint8Array | null>): object {
    const told = Object.entries(columns).filter(([, sealed]) => sealed !== null);
    if (told.length === 0) return {};
    const seal = this.#openSeal(row);
    return Object.fromEntries(
      told.map(([column, sealed]) => [
        column,
        seal.open(column as SealedColumn, sealed as Uint8Array),
      ]),
    );
  }

  #openSeal(row: KeyedRow): RequestSeal {
    return this.#vault.openSeal(
      { projectId: row.project_id, requestId: row.request_id },
      { masterKeyId: row.master_key_id, wrapped: row.data_key },
    );
  }
}

function digestOrNull(value: unknown): string | null {
  return value === undefined ? null : digestTextOf(value);
}
