import type { Tables } from "../harness/tables.js";

/** An account of the one agent of a project, by three ways that have to come to the same. */
interface BalanceRow {
  readonly scope: string;
  readonly held: number;
  readonly spent: number;
  readonly allocated: number | null;
  readonly entriesHeld: number;
  readonly entriesSpent: number;
  readonly purchasesHeld: number;
  readonly purchasesSpent: number;
}

const entriesOf = (account: string) => `(select coalesce(sum(case
    when to_account = '${account}' then amount
    when from_account = '${account}' then -amount else 0 end), 0)
  from ledger_entries where spend_account_id = spend_accounts.id)`;

const BALANCES = `select scope, held, spent, allocated,
  ${entriesOf("held")} as "entriesHeld",
  ${entriesOf("spent")} as "entriesSpent",
  (select coalesce(sum(coalesce(approved_amount, amount)), 0)
    from purchases where hold = 'HELD') as "purchasesHeld",
  (select coalesce(sum(actual_amount - refunded_amount), 0)
    from purchases where hold = 'SETTLED') as "purchasesSpent"
  from spend_accounts`;

/**
 * Whether balances, ledger entries and purchases say the same, with one agent and one currency.
 *
 * @returns Every fault; none means all is well.
 */
export async function findImbalance(tables: Tables): Promise<readonly string[]> {
  const rows = (await tables.query(BALANCES)) as unknown as readonly BalanceRow[];
  return rows.flatMap((row) => {
    const { scope, held, spent, allocated } = row;
    const faults: string[] = [];
    if (row.entriesHeld !== held || row.purchasesHeld !== held)
      faults.push(
        `${scope}: held ${held}, entries ${row.entriesHeld}, purchases ${row.purchasesHeld}`,
      );
    if (row.entriesSpent !== spent || row.purchasesSpent !== spent)
      faults.push(
        `${scope}: spent ${spent}, entries ${row.entriesSpent}, purchases ${row.purchasesSpent}`,
      );
    if (allocated !== null && held + spent > allocated)
      faults.push(`${scope}: ${held} held and ${spent} spent of ${allocated}`);
    return faults;
  });
}
