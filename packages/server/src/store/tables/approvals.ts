import type { Approval } from "../../domain/request.js";
import type { Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { ApprovalRow } from "../schema.js";
import type { ListedRequest } from "../store.js";

/** Whether one approval is not enough. */
export function hasQuorum({ quorum }: { readonly quorum?: number | null }): boolean {
  return (quorum ?? 1) > 1;
}

export type Approvals = ReturnType<typeof prepareApprovals>;

/** Who has approved requests that several people have to approve. */
export function prepareApprovals(dialect: Dialect) {
  const insert = prepareQuery(({ db }, row: ApprovalRow) =>
    db
      .insertInto("approvals")
      .values({
        request_id: row.request_id,
        project_id: row.project_id,
        operator_id: row.operator_id,
        operator_name: row.operator_name,
        at: row.at,
      })
      .onConflict((conflict) => conflict.columns(["request_id", "operator_id"]).doNothing()),
  );

  async function list(reader: Reader, requestIds: readonly string[]): Promise<ApprovalRow[]> {
    return reader.db
      .selectFrom("approvals")
      .selectAll()
      .where("request_id", "in", requestIds)
      .execute();
  }

  function toApproval({ operator_id: id, operator_name: name, at }: ApprovalRow): Approval {
    return { operator: { id, name }, at: dialect.decodeInteger(at) };
  }

  return {
    /** Once per operator. Tells whether it is new, and how many there are with it. */
    async add(
      transaction: Transaction,
      row: ApprovalRow,
    ): Promise<{ readonly isNew: boolean; readonly count: number }> {
      const inserted = await insert(transaction, row);
      const rows = await list(transaction, [row.request_id]);
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

function oldestFirst(a: Approval, b: Approval): number {
  return a.at - b.at || (a.operator.id < b.operator.id ? -1 : 1);
}
