import type { Purchase } from "../../domain/spend/purchase.js";
import type { Database, Reader } from "../database.js";
import type { PurchaseRow, RequestRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import { together } from "../together.js";
import { prepareApprovals } from "./approvals.js";
import type { PurchaseMoney } from "./purchase-money.js";
import { chainOf } from "./purchase-row.js";
import { RequestMapper } from "./request-row.js";
import { remainingOf } from "./spend-accounts.js";

export type PurchaseLoader = ReturnType<typeof createPurchaseLoader>;

/** Puts a purchase together: its request, who has approved it, its money, and what is left. */
export function createPurchaseLoader(database: Database, vault: Vault, money: PurchaseMoney) {
  const mapper = new RequestMapper(database.dialect, vault);
  const approvals = prepareApprovals(database.dialect, vault);

  async function compose(reader: Reader, row: PurchaseRow, found: RequestRow): Promise<Purchase> {
    const [accounts, requests] = await together([
      money.accounts.read(reader, chainOf(row)),
      approvals.attach(reader, [mapper.toRequest(found)]),
    ]);
    const [request = mapper.toRequest(found)] = requests;
    return money.mapper.toPurchase(row, request, remainingOf(accounts));
  }

  return {
    /** `undefined`: no such request, or it is no purchase. */
    async load(
      reader: Reader,
      projectId: string,
      requestId: string,
    ): Promise<Purchase | undefined> {
      const [purchases, requests] = await together([
        money.queries.find(reader, { requestId }),
        money.requests.find(reader, { id: requestId, project_id: projectId }),
      ]);
      const [row] = purchases.rows;
      const [request] = requests.rows;
      return row && request && compose(reader, row, request);
    },
  };
}
