import type { Database, Transaction } from "../database.js";
import type { PurchaseRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { EndedHold, PurchaseStore } from "../verbs/purchases.js";
import type { PurchaseMoney } from "./purchase-money.js";
import { RequestMapper } from "./request-row.js";

/** Who ends what nobody has confirmed. */
const HOLDS = { type: "system", id: "holds" } as const;

export function createPurchaseHolds(
  database: Database,
  vault: Vault,
  money: PurchaseMoney,
): Pick<PurchaseStore, "endHolds" | "nextHoldEnd"> {
  const { decodeInteger } = database.dialect;
  const requests = new RequestMapper(database.dialect, vault);
  const { queries } = money;
  type DueRow = Pick<PurchaseRow, "request_id" | "project_id">;

  async function endOne(
    transaction: Transaction,
    { request_id: id, project_id }: DueRow,
    now: number,
  ): Promise<EndedHold | undefined> {
    const { rows } = await money.requests.lock(transaction, { id, project_id });
    const [request] = rows;
    const row = request && (await money.find(transaction, id));
    if (request === undefined || row === undefined || !isDue(row, now)) return undefined;
    // What was run counts as paid: it was approved, and nobody says otherwise.
    const hold = request.execution_status === "COMMITTED" ? "SETTLED" : "EXPIRED";
    const cause = { base: requests.toEvent(request), at: now, actor: HOLDS };
    const hasEnded = await money.end(transaction, row, hold, cause);
    return hasEnded ? { id, projectId: project_id, hold } : undefined;
  }

  /** Not while it is run, nor while nobody knows how it ended: then its hold has no end. */
  function isDue({ hold, hold_expires_at: until }: PurchaseRow, now: number): boolean {
    return hold === "HELD" && until !== null && decodeInteger(until) <= now;
  }

  return {
    async endHolds(now, limit) {
      const { rows } = await database.read((reader) => queries.dueHolds(reader, { now, limit }));
      const ended = await Promise.all(
        rows.map((row) => database.write((transaction) => endOne(transaction, row, now))),
      );
      return { due: rows.length, ended: ended.flatMap((hold) => hold ?? []) };
    },
    async nextHoldEnd() {
      const { rows } = await database.read((reader) => queries.nextHoldEnd(reader, {}));
      const until = rows[0]?.hold_expires_at ?? null;
      return until === null ? undefined : decodeInteger(until);
    },
  };
}
