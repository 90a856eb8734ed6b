import type { Tables } from "../harness/tables.js";
import { periodsAt } from "./calendar.js";
import type { AgentName, Currency, Oracle, Rules, Scope } from "./oracle.js";

/** The ids under which the control plane knows whom the oracle knows by name. */
export type ScopeIds = Readonly<Record<Scope, string>>;

interface AccountRow {
  readonly id: string;
  readonly scopeId: string;
  readonly currency: Currency;
  readonly allocated: number | null;
  readonly held: number;
  readonly spent: number;
}

interface WindowRow {
  readonly accountId: string;
  readonly kind: "day" | "week" | "month";
  readonly timezone: string;
  readonly startsAt: number;
  readonly amount: number;
}

interface EntryRow {
  readonly accountId: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** Compares what is in the database with what has to be there. @returns Every fault. */
export async function findDrift(
  tables: Tables,
  oracle: Oracle,
  ids: ScopeIds,
): Promise<readonly string[]> {
  const { accounts, windows, entries } = await tables.atOnce(() => readBooks(tables));
  const known = new Map(accounts.map((row) => [`${row.scopeId} ${row.currency}`, row]));
  return [
    ...oracle.accounts().flatMap(({ scope, currency }) => {
      const row = known.get(`${ids[scope]} ${currency}`);
      if (row === undefined) return [`${scope} ${currency}: no account`];
      return compareAccount(oracle, scope, row);
    }),
    ...accounts.flatMap((row) => [
      ...compareLedger(
        row,
        entries.filter(({ accountId }) => accountId === row.id),
      ),
      ...compareWindows(
        oracle,
        scopeOf(ids, row),
        row,
        windows.filter(({ accountId }) => accountId === row.id),
      ),
    ]),
  ];
}

function compareAccount(oracle: Oracle, scope: Scope, row: AccountRow): readonly string[] {
  const { currency } = row;
  return [
    ...differ(`${scope} ${currency} allocated`, row.allocated, oracle.budget(scope, currency)),
    ...differ(`${scope} ${currency} held`, row.held, oracle.held(scope, currency)),
    ...differ(`${scope} ${currency} spent`, row.spent, oracle.spent(scope, currency)),
  ];
}

/** The entries add up to the balances: nothing is moved without one. */
function compareLedger(row: AccountRow, entries: readonly EntryRow[]): readonly string[] {
  const balance = (account: string) =>
    entries.reduce(
      (sum, { from, to, amount }) =>
        sum + (to === account ? BigInt(amount) : 0n) - (from === account ? BigInt(amount) : 0n),
      0n,
    );
  const allocated = BigInt(row.allocated ?? 0);
  return [
    ...differ(`${row.id} ledger held`, balance("held"), BigInt(row.held)),
    ...differ(`${row.id} ledger spent`, balance("spent"), BigInt(row.spent)),
    ...differ(`${row.id} ledger funding`, balance("funding"), -allocated),
    ...entries.filter(({ amount }) => amount <= 0).map(() => `${row.id}: moves nothing, or back`),
  ];
}

function compareWindows(
  oracle: Oracle,
  scope: Scope,
  row: AccountRow,
  windows: readonly WindowRow[],
): readonly string[] {
  return windows.flatMap(({ kind, timezone, startsAt, amount }) => {
    const rules = { currency: row.currency, timezone } as Rules;
    const name = `${scope} ${row.currency} ${kind} of ${periodsAt(timezone, startsAt)[kind]}`;
    return differ(name, amount, oracle.usage(scope, rules, startsAt, kind));
  });
}

function differ(
  what: string,
  found: number | bigint | null,
  expected: bigint | undefined,
): readonly string[] {
  const is = found === null ? undefined : BigInt(found);
  return is === expected ? [] : [`${what}: ${is} is there, expected ${expected}`];
}

function scopeOf(ids: ScopeIds, { scopeId }: AccountRow): Scope {
  const [scope] = Object.entries(ids).find(([, id]) => id === scopeId) ?? [];
  return scope as AgentName;
}

async function readBooks(tables: Tables) {
  const read = async <Row>(sql: string) => (await tables.query(sql)) as unknown as readonly Row[];
  return {
    accounts: await read<AccountRow>(
      `select id, scope_id as "scopeId", currency, allocated, held, spent from spend_accounts`,
    ),
    windows: await read<WindowRow>(
      `select spend_account_id as "accountId", kind, time_zone as "timezone", starts_at as "startsAt", amount from spend_windows`,
    ),
    entries: await read<EntryRow>(
      `select spend_account_id as "accountId", from_account as "from", to_account as "to", amount from ledger_entries`,
    ),
  };
}
