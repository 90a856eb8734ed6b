import type { WireActor } from "@holdpoint/protocol";
import { type Approval, hasQuorum } from "../../domain/request.js";
import type { Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { ApprovalRow, RequestRow } from "../schema.js";
import { type SealedColumn, sealWhereSaid, type Vault } from "../sealing/vault.js";
import type { ListedRequest } from "../store.js";
import { optional } from "./request-row.js";

export type Approvals = ReturnType<typeof prepareApprovals>;

/** Who has approved requests that several people have to approve. */
export function prepareApprovals(dialect: Dialect, vault: Vault) {
  const insert = prepareQuery(({ db }, row: ApprovalRow) =>
    db
      .insertInto("approvals")
      .values({
        request_id: row.request_id,
        project_id: row.project_id,
        operator_id: row.operator_id,
        operator_name: row.operator_name,
        at: row.at,
        sealed_reason: row.sealed_reason,
      })
      .onConflict((conflict) => conflict.columns(["request_id", "operator_id"]).doNothing()),
  );

  function openSeal(
    row: Pick<RequestRow, "project_id" | "master_key_id" | "data_key">,
    id: string,
  ) {
    const key = { masterKeyId: row.master_key_id, wrapped: row.data_key };
    return vault.openSeal({ projectId: row.project_id, requestId: id }, key);
  }

  function toApproval(row: JoinedRow): Approval {
    const { operator_id: id, operator_name: name, sealed_reason: sealed } = row;
    const reason = sealed && openSeal(row, row.request_id).open(columnOf(id), sealed);
    return {
      operator: { id, name },
      at: dialect.decodeInteger(row.at),
      ...optional("reason", reason as string | null),
    };
  }

  return {
    /** Once per operator. Tells whether it is new, and how many there are with it. */
    async add(
      transaction: Transaction,
      request: RequestRow,
      { actor, at, reason }: Given,
    ): Promise<{ readonly isNew: boolean; readonly count: number }> {
      const { id: request_id, project_id } = request;
      const seal = sealWhereSaid(() => openSeal(request, request_id));
      const inserted = await insert(transaction, {
        request_id,
        project_id,
        operator_id: actor.id,
        operator_name: actor.name ?? "",
        at,
        sealed_reason: seal(columnOf(actor.id), reason),
      });
      const rows = await list(transaction, [request_id]);
      return { isNew: inserted.numAffectedRows === 1n, count: rows.length };
    },
    /** Puts who has approved beside each request that has a quorum: one query, or none. */
    async attach<Some extends ListedRequest>(
      reader: Reader,
      requests: readonly Some[],
    ): Promise<readonly Some[]> {
      const ids = requests.filter(hasQuorum).map(({ id }) => id);
      if (ids.length === 0) return requests;
      const rows = await list(reader, ids);
      return requests.map((request) => {
        if (!hasQuorum(request)) return request;
        const own = rows.filter(({ request_id }) => request_id === request.id);
        return { ...request, approvals: own.map(toApproval).sort(oldestFirst) };
      });
    },
  };
}

interface Given {
  readonly actor: WireActor;
  readonly at: number;
  readonly reason: string | undefined;
}

type JoinedRow = ApprovalRow & Pick<RequestRow, "master_key_id" | "data_key">;

function list({ db }: Reader, requestIds: readonly string[]): Promise<JoinedRow[]> {
  return db
    .selectFrom("approvals")
    .innerJoin("requests", "requests.id", "approvals.request_id")
    .selectAll("approvals")
    .select(["requests.master_key_id", "requests.data_key"])
    .where("approvals.request_id", "in", requestIds)
    .execute();
}

/** Bound to who said it, so that words of one are never shown as another's. */
function columnOf(operatorId: string): SealedColumn {
  return `reason of ${operatorId}`;
}

function oldestFirst(a: Approval, b: Approval): number {
  return a.at - b.at || (a.operator.id < b.operator.id ? -1 : 1);
}
