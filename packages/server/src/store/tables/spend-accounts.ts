import type { SpendScope } from "@holdpoint/protocol/spend";
import { budgetIdOf } from "../../domain/budgets/id.js";
import type { Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { SpendAccountRow } from "../schema.js";
import { together } from "../together.js";
import { announceFirstPurchase } from "./spending-lock.js";

/** Whose money a purchase is: the accounts it counts in. */
export interface AccountChain {
  readonly projectId: string;
  readonly agentId: string;
  readonly organisationId: string | null;
  readonly currency: string;
}

/** An account as it stands; locked, where it was read to be changed. */
export interface Account {
  readonly id: string;
  readonly scope: SpendScope;
  /** Absent: no budget is set. */
  readonly allocated?: number;
  readonly held: number;
  readonly spent: number;
}

export type Accounts = ReturnType<typeof prepareAccounts>;
type AccountKey = Pick<SpendAccountRow, "scope" | "scope_id" | "currency">;

/**
 * The accounts of scopes, one for each currency.
 *
 * **The order of locks.** Whoever moves money locks, in this order: the row of the request (which
 * decisions and executions change first), the accounts from the organisation inwards to the agent,
 * and then writes what hangs on them: the purchase, the windows, the ledger. Everything that moves
 * money of an account is thereby one after the other, so that what is judged is what is moved. Of a
 * batch of mutations the orders may cross; PostgreSQL then undoes one, and it is run again alone.
 */
export function prepareAccounts(dialect: Dialect) {
  const lock = prepareQuery((reader, key: AccountKey) =>
    dialect.lockRows(selectAccount(reader, key), "wait"),
  );
  const find = prepareQuery((reader, key: AccountKey) => selectAccount(reader, key));
  const insert = prepareQuery(({ db }, row: SpendAccountRow) =>
    db
      .insertInto("spend_accounts")
      .values({
        id: row.id,
        scope: row.scope,
        scope_id: row.scope_id,
        currency: row.currency,
        allocated: null,
        held: 0,
        spent: 0,
        created_at: row.created_at,
        updated_at: row.updated_at,
      })
      .onConflict((conflict) => conflict.doNothing()),
  );

  async function makeAndLock(transaction: Transaction, key: AccountKey, at: number) {
    const { scope, scope_id: scopeId, currency } = key;
    if (scope === "project") await announceFirstPurchase(transaction, dialect, scopeId);
    const id = budgetIdOf({ scope, scopeId, currency });
    const row = { ...key, id, allocated: null, held: 0, spent: 0 };
    await insert(transaction, { ...row, created_at: at, updated_at: at });
    const { rows } = await lock(transaction, key);
    const [made] = rows;
    if (made === undefined) throw new Error("Expected the account that was just made.");
    return made;
  }

  function toAccount(row: Omit<SpendAccountRow, "created_at" | "updated_at">): Account {
    return {
      id: row.id,
      scope: row.scope,
      ...(row.allocated !== null && { allocated: dialect.decodeInteger(row.allocated) }),
      held: dialect.decodeInteger(row.held),
      spent: dialect.decodeInteger(row.spent),
    };
  }

  return {
    /** One account, made where it is missing. */
    async lockOne(transaction: Transaction, key: AccountKey, at: number): Promise<Account> {
      const { rows } = await lock(transaction, key);
      return toAccount(rows[0] ?? (await makeAndLock(transaction, key, at)));
    },
    /** All of a chain, made where they are missing, outermost first. */
    async lock(
      transaction: Transaction,
      chain: AccountChain,
      at: number,
    ): Promise<readonly Account[]> {
      const keys = keysOf(chain);
      // Sent together, run in turn.
      const locked = await together(keys.map((key) => lock(transaction, key)));
      const accounts: Account[] = [];
      for (const [index, key] of keys.entries()) {
        const row = locked[index]?.rows[0] ?? (await makeAndLock(transaction, key, at));
        accounts.push(toAccount(row));
      }
      return accounts;
    },
    async read(reader: Reader, chain: AccountChain): Promise<readonly Account[]> {
      const found = await together(keysOf(chain).map((key) => find(reader, key)));
      return found.flatMap(({ rows }) => rows.map(toAccount));
    },
    toAccount,
  };
}

function availableOf({ allocated, held, spent }: Account): number | undefined {
  return allocated === undefined ? undefined : allocated - held - spent;
}

/** The least that is left; `undefined` where there is no budget. */
export function remainingOf(accounts: readonly Account[]): number | undefined {
  const left = accounts.flatMap((account) => availableOf(account) ?? []);
  return left.length === 0 ? undefined : Math.min(...left);
}

export function keysOf({ projectId, agentId, organisationId, currency }: AccountChain) {
  const keys: AccountKey[] = [
    { scope: "project", scope_id: projectId, currency },
    { scope: "agent", scope_id: agentId, currency },
  ];
  if (organisationId === null) return keys;
  return [{ scope: "organisation" as const, scope_id: organisationId, currency }, ...keys];
}

function selectAccount({ db }: Reader, key: AccountKey) {
  return db
    .selectFrom("spend_accounts")
    .select(["id", "scope", "scope_id", "currency", "allocated", "held", "spent"])
    .where("scope", "=", key.scope)
    .where("scope_id", "=", key.scope_id)
    .where("currency", "=", key.currency);
}
