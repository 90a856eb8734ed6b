import type { JsonValue } from "@holdpoint/protocol";
import type { Selectable } from "kysely";
import type { Dispute, Escrow, NewEscrow } from "../../domain/escrow.js";
import type { Purchase } from "../../domain/spend/purchase.js";
import type { Database, Reader } from "../database.js";
import type { EscrowRow, RequestRow } from "../schema.js";
import type { RequestSeal, Vault } from "../sealing/vault.js";
import { actorIn } from "./columns.js";
import type { PurchaseLoader } from "./purchase-loader.js";
import { optional } from "./request-row.js";

/** Under which columns of its request an escrow's contents are sealed: it has no execution of its own. */
export const RESULT = "result";
export const REASON = "evidence";

/** An escrow beside the names of its parties, and the key of its request. */
export type WholeEscrowRow = Selectable<EscrowRow> &
  Pick<RequestRow, "master_key_id" | "data_key" | "contents_deleted_at"> & {
    readonly payer_name: string;
    readonly payee_name: string;
  };

export function selectEscrows({ db }: Reader) {
  return db
    .selectFrom("escrows")
    .innerJoin("requests", "requests.id", "escrows.request_id")
    .innerJoin("agents as payer", "payer.id", "escrows.payer_agent_id")
    .innerJoin("agents as payee", "payee.id", "escrows.payee_agent_id")
    .selectAll("escrows")
    .select(["requests.master_key_id", "requests.data_key", "requests.contents_deleted_at"])
    .select(["payer.name as payer_name", "payee.name as payee_name"]);
}

export type EscrowLoader = ReturnType<typeof createEscrowLoader>;

/** Puts an escrow together: its purchase, its signatures, and what is sealed. */
export function createEscrowLoader({ dialect }: Database, vault: Vault, purchases: PurchaseLoader) {
  const integer = (name: string, value: number | null) =>
    value === null ? {} : { [name]: dialect.decodeInteger(value) };

  function toEscrow(
    row: WholeEscrowRow,
    purchase: Purchase,
    attestations: readonly string[],
  ): Escrow {
    return {
      id: row.id,
      projectId: row.project_id,
      purchase,
      payer: { id: row.payer_agent_id, name: row.payer_name },
      payee: { id: row.payee_agent_id, name: row.payee_name },
      stage: row.stage,
      fulfilBy: dialect.decodeInteger(row.fulfil_by),
      releaseBy: dialect.decodeInteger(row.release_by),
      ...optional("parentId", row.parent_id),
      rootId: row.root_id,
      steps: stepsOf(row),
      attestations,
      ...contentsOf(row),
      createdAt: dialect.decodeInteger(row.created_at),
      ...integer("fulfilledAt", row.fulfilled_at),
      ...integer("endedAt", row.ended_at),
    };
  }

  function stepsOf(row: Pick<Selectable<EscrowRow>, "steps">): readonly string[] {
    return dialect.decodeJson(row.steps) as readonly string[];
  }

  function contentsOf(row: WholeEscrowRow): Pick<Escrow, "result" | "dispute"> {
    const isKept = row.contents_deleted_at === null;
    const seal = isKept && (row.sealed_result ?? row.sealed_reason) ? sealOf(row) : undefined;
    const result = seal && row.sealed_result && seal.open(RESULT, row.sealed_result);
    const reason = seal && row.sealed_reason && seal.open(REASON, row.sealed_reason);
    return {
      ...optional("result", result as JsonValue | undefined),
      ...optional("dispute", disputeOf(row, reason as string | undefined)),
    };
  }

  function sealOf(row: WholeEscrowRow): RequestSeal {
    const place = { projectId: row.project_id, requestId: row.request_id };
    const key = { masterKeyId: row.master_key_id, wrapped: row.data_key };
    return vault.openSeal(place, key);
  }

  async function attestationsOf(reader: Reader, row: WholeEscrowRow): Promise<readonly string[]> {
    const rows = await reader.db
      .selectFrom("agent_keys")
      .select(["key_id", "attestation"])
      .where("project_id", "=", row.project_id)
      .where("key_id", "in", [row.payer_key_id, row.payee_key_id])
      .execute();
    return [row.payer_key_id, row.payee_key_id].flatMap(
      (keyId) => rows.find(({ key_id }) => key_id === keyId)?.attestation ?? [],
    );
  }

  return {
    stepsOf,
    sealOf,
    async load(reader: Reader, row: WholeEscrowRow): Promise<Escrow> {
      const [purchase, attestations] = await Promise.all([
        purchases.load(reader, row.project_id, row.request_id),
        attestationsOf(reader, row),
      ]);
      if (purchase === undefined) throw new Error("Expected an escrow to have its purchase.");
      return toEscrow(row, purchase, attestations);
    },
    toRow({ opening, step }: NewEscrow, rootId: string, at: number): EscrowRow {
      return {
        id: opening.escrow_id,
        project_id: opening.project_id,
        request_id: opening.request_id,
        payer_agent_id: opening.payer.agent_id,
        payee_agent_id: opening.payee.agent_id,
        payer_key_id: opening.payer.key_id,
        payee_key_id: opening.payee.key_id,
        stage: "OPEN",
        fulfil_by: Date.parse(opening.fulfil_by),
        release_by: Date.parse(opening.release_by),
        parent_id: opening.parent?.escrow_id ?? null,
        root_id: rootId,
        steps: dialect.encodeJson([step]),
        sealed_result: null,
        sealed_reason: null,
        disputed_by_type: null,
        disputed_by_id: null,
        disputed_by_name: null,
        dispute_request_id: null,
        due_at: Date.parse(opening.fulfil_by),
        created_at: at,
        fulfilled_at: null,
        ended_at: null,
      };
    },
  };
}

function disputeOf(row: WholeEscrowRow, reason: string | undefined): Dispute | undefined {
  const { dispute_request_id: requestId } = row;
  const by = actorIn("disputed_by", row);
  if (by === undefined || requestId === null) return undefined;
  return {
    by,
    requestId,
    ...optional("reason", reason),
  };
}
