import type { Database } from "../database.js";
import type { Vault } from "../sealing/vault.js";
import type { PurchaseStore } from "../verbs/purchases.js";
import type { EventWriter } from "./event-row.js";
import { createPurchaseConfirmation } from "./purchase-confirm.js";
import { createPurchaseCreation } from "./purchase-create.js";
import { createPurchaseHolds } from "./purchase-holds.js";
import { createPurchaseList } from "./purchase-list.js";
import { createPurchaseLoader } from "./purchase-loader.js";
import type { PurchaseMoney } from "./purchase-money.js";
import { createPurchaseRefunds } from "./purchase-refunds.js";
import type { ShieldParts } from "./shield.js";

/** @param appendEvent - Followed by nobody who moves money. */
export function createPurchaseStore(
  database: Database,
  vault: Vault,
  money: PurchaseMoney,
  appendEvent: EventWriter,
  shield: ShieldParts,
): PurchaseStore {
  const loader = createPurchaseLoader(database, vault, money);
  const create = createPurchaseCreation(database, vault, money, loader, appendEvent, shield);
  return {
    create: (purchase) => database.write((transaction) => create(transaction, purchase)),
    find: (projectId, requestId) =>
      database.read((reader) => loader.load(reader, projectId, requestId)),
    list: createPurchaseList(database, vault, money),
    confirm: createPurchaseConfirmation(database, vault, money, loader),
    refund: createPurchaseRefunds(database, vault, money, loader),
    ...createPurchaseHolds(database, vault, money),
  };
}
