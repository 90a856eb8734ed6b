import type { WireActor } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { type BudgetPlace, budgetIdOf } from "../../domain/budgets/id.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { SpendAccountRow } from "../schema.js";
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

export function createBudgetStore(database: Database): BudgetStore {
  const { read, write, dialect } = database;

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
        const row = await lockAccount(transaction, dialect, place, at);
        const isTooLittle =
          amount !== null &&
          amount < dialect.decodeInteger(row.held) + dialect.decodeInteger(row.spent);
        if (!isTooLittle) await fund(transaction, dialect, row, { amount, at, actor });
        const standing = await selectPlace(transaction, place).executeTakeFirstOrThrow();
        return {
          outcome: isTooLittle ? "below_committed" : "allocated",
          budget: toBudget(standing, dialect),
        };
      }),
    ...createLedgerReader(database),
  };
}

/** The account of a place, made where it is missing: nobody else moves its money until the commit. */
async function lockAccount(
  { db }: Transaction,
  dialect: Dialect,
  place: BudgetPlace,
  at: number,
): Promise<SpendAccountRow> {
  const { scope, scopeId, currency } = place;
  await db
    .insertInto("spend_accounts")
    .values({
      id: budgetIdOf(place),
      scope,
      scope_id: scopeId,
      currency,
      allocated: null,
      held: 0,
      spent: 0,
      created_at: at,
      updated_at: at,
    })
    // Of either constraint: its id says the same as the other.
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const account = db
    .selectFrom("spend_accounts")
    .selectAll()
    .where("scope", "=", scope)
    .where("scope_id", "=", scopeId)
    .where("currency", "=", currency);
  return dialect.lockRows(account, "wait").executeTakeFirstOrThrow();
}

/** Allocates, with the entry of what that brings in or takes out. */
async function fund(
  { db }: Transaction,
  dialect: Dialect,
  row: SpendAccountRow,
  { amount, at, actor }: { amount: number | null; at: number; actor: WireActor },
): Promise<void> {
  const before = row.allocated === null ? null : dialect.decodeInteger(row.allocated);
  if (before === amount) return;
  await db
    .updateTable("spend_accounts")
    .set({ allocated: amount, updated_at: at })
    .where("id", "=", row.id)
    .execute();
  const more = (amount ?? 0) - (before ?? 0);
  // Between no budget and one of nothing, no money moves.
  if (more === 0) return;
  await db
    .insertInto("ledger_entries")
    .values({
      id: typeidUnboxed("lgr"),
      spend_account_id: row.id,
      kind: "allocate",
      from_account: more > 0 ? "funding" : "available",
      to_account: more > 0 ? "available" : "funding",
      amount: Math.abs(more),
      at,
      actor_type: actor.type,
      actor_id: actor.id,
      actor_name: actor.name ?? null,
      request_id: null,
      event_id: null,
    })
    .execute();
}
