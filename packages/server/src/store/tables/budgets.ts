import type { Database, Reader } from "../database.js";
import type { Budget, BudgetStore } from "../verbs/budgets.js";
import {
  inOrder,
  loadChain,
  selectBudgets,
  selectPlace,
  selectVisible,
  toBudget,
  unusedBudget,
} from "./budget-row.js";
import { createLedgerReader } from "./ledger-entries.js";
import { prepareAccounts } from "./spend-accounts.js";
import { prepareLedger } from "./spend-ledger.js";

export function createBudgetStore(database: Database): BudgetStore {
  const { read, write, dialect } = database;
  const accounts = prepareAccounts(dialect);
  const ledger = prepareLedger();

  /** In each currency that the chain has anything in, all of the chain. */
  async function listChain(
    reader: Reader,
    agent: Parameters<BudgetStore["listChain"]>[0],
    now: number,
  ): Promise<readonly Budget[]> {
    const chain = await loadChain(reader, agent);
    if (chain.length === 0) return [];
    const rows = await selectBudgets(reader)
      .where(
        "spend_accounts.scope_id",
        "in",
        chain.map(({ scopeId }) => scopeId),
      )
      .execute();
    const used = rows.map((row) => toBudget(row, dialect));
    const currencies = [...new Set(used.map(({ currency }) => currency))];
    return chain
      .flatMap((of) =>
        currencies.map(
          (currency) =>
            used.find((one) => one.scopeId === of.scopeId && one.currency === currency) ??
            unusedBudget(of, currency, now),
        ),
      )
      .sort(inOrder);
  }

  return {
    async list(projectId) {
      const rows = await read((reader) => selectVisible(reader, projectId).execute());
      return rows.map((row) => toBudget(row, dialect)).sort(inOrder);
    },
    listChain: (agent, now) => read((reader) => listChain(reader, agent, now)),
    async find(projectId, budgetId) {
      const row = await read((reader) =>
        selectVisible(reader, projectId)
          .where("spend_accounts.id", "=", budgetId)
          .executeTakeFirst(),
      );
      return row && toBudget(row, dialect);
    },
    allocate: (place, amount, at, actor) =>
      write(async (transaction) => {
        const { scope, scopeId: scope_id, currency } = place;
        const account = await accounts.lockOne(transaction, { scope, scope_id, currency }, at);
        const { allocated = null, held, spent } = account;
        const isTooLittle = amount !== null && amount < held + spent;
        if (!isTooLittle && amount !== allocated) {
          const allocation = { kind: "allocate", allocated: amount, at, actor } as const;
          await ledger.allocate(transaction, account, allocation);
        }
        const standing = await selectPlace(transaction, place).executeTakeFirstOrThrow();
        return {
          outcome: isTooLittle ? "below_committed" : "allocated",
          budget: toBudget(standing, dialect),
        };
      }),
    ...createLedgerReader(database),
  };
}
