import type { Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";

const nameOf = (projectId: string) => `first purchase of ${projectId}`;

/**
 * Waits for the purchases of a project that are under way, and holds up the next until the commit.
 * Every purchase locks the project's account of its currency before it reads what binds it, and the
 * first in a currency, which has no account yet, a name: so once a change of that is answered, nothing
 * is judged by what was before.
 */
export async function settlePurchases(
  { db }: Transaction,
  dialect: Dialect,
  projectId: string,
): Promise<void> {
  await dialect.lockName(db, nameOf(projectId), "alone");
  const accounts = db
    .selectFrom("spend_accounts")
    .select("id")
    .where("scope", "=", "project")
    .where("scope_id", "=", projectId)
    .orderBy("id");
  await dialect.lockRows(accounts, "wait").execute();
}

/** Lets {@link settlePurchases} wait for a purchase whose account is yet to be made. */
export function announceFirstPurchase(
  { db }: Transaction,
  dialect: Dialect,
  projectId: string,
): Promise<void> {
  return dialect.lockName(db, nameOf(projectId), "shared");
}
