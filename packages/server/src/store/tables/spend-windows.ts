import {
  SPEND_WINDOWS,
  type SpendWindow,
  type WindowBounds,
  windowsAt,
} from "@holdpoint/protocol/spend";
import { type RawBuilder, sql } from "kysely";
import type { Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import { prepareQuery } from "../prepared.js";
import type { SpendWindowRow } from "../schema.js";
import type { Account } from "./spend-accounts.js";

/** Longer than any window: a month of 31 days, with the hour that clocks are put back. */
const LONGEST_MS = 32 * 86_400_000;

/** What of a purchase counts as used, whatever has become of it. */
const COUNTED: RawBuilder<number> = sql`case hold
  when 'HELD' then coalesce(approved_amount, amount)
  when 'SETTLED' then actual_amount - refunded_amount
  else 0 end`;

/** Whose purchases are counted. Organisations have no policy, and so no windows. */
export interface CountedScope {
  readonly scope: "agent" | "project";
  readonly scopeId: string;
  readonly currency: string;
}

type Usage = Readonly<Record<SpendWindow, number>>;

/**
 * How much of an account was reserved in the days, weeks and months of a time zone. A window is
 * summed once, when it is first needed, and kept up from then on by {@link prepareWindowShift}.
 */
export function prepareWindows(dialect: Dialect) {
  const find = prepareQuery(({ db }, key: WindowsKey) =>
    db
      .selectFrom("spend_windows")
      .select(["kind", "starts_at", "ends_at", "amount"])
      .where("spend_account_id", "=", key.accountId)
      .where("starts_at", "in", [key.day, key.week, key.month])
      .where("time_zone", "=", key.timeZone),
  );
  const insert = prepareQuery(({ db }, row: SpendWindowRow) =>
    db.insertInto("spend_windows").values({
      spend_account_id: row.spend_account_id,
      kind: row.kind,
      time_zone: row.time_zone,
      starts_at: row.starts_at,
      ends_at: row.ends_at,
      amount: row.amount,
    }),
  );
  const sums = {
    agent: prepareQuery((reader, range: Range) =>
      sumCounted(reader, range).where("agent_id", "=", range.scopeId),
    ),
    project: prepareQuery((reader, range: Range) =>
      sumCounted(reader, range)
        .where("project_id", "=", range.scopeId)
        // To the project, what one of its agents has paid another is not spent.
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("escrows")
                .select("escrows.id")
                .whereRef("escrows.request_id", "=", "purchases.request_id")
                .where("escrows.stage", "=", "RELEASED"),
            ),
          ),
        ),
    ),
  };
  const counts = {
    agent: prepareQuery((reader, range: CountRange) => countReserved(reader, range, "agent_id")),
    project: prepareQuery((reader, range: CountRange) =>
      countReserved(reader, range, "project_id"),
    ),
  };

  async function sumInto(
    transaction: Transaction,
    account: Account,
    counted: CountedScope,
    window: { readonly kind: SpendWindow; readonly timeZone: string } & WindowBounds,
  ): Promise<number> {
    const { rows } = await sums[counted.scope](transaction, { ...counted, ...window });
    const amount = dialect.decodeInteger(rows[0]?.amount ?? 0);
    await insert(transaction, {
      spend_account_id: account.id,
      kind: window.kind,
      time_zone: window.timeZone,
      starts_at: window.startsAt,
      ends_at: window.endsAt,
      amount,
    });
    return amount;
  }

  return {
    /** What counts in the windows around an instant, in an account that is locked. */
    async read(
      transaction: Transaction,
      account: Account,
      counted: CountedScope,
      timeZone: string,
      at: number,
    ): Promise<Usage> {
      const bounds = windowsAt(timeZone, at);
      const { rows } = await find(transaction, {
        accountId: account.id,
        timeZone,
        day: bounds.day.startsAt,
        week: bounds.week.startsAt,
        month: bounds.month.startsAt,
      });
      const usage = { day: 0, week: 0, month: 0 };
      for (const kind of SPEND_WINDOWS) {
        const row = rows.find((one) => isWindow(one, kind, bounds[kind], dialect));
        usage[kind] =
          row === undefined
            ? await sumInto(transaction, account, counted, { kind, timeZone, ...bounds[kind] })
            : dialect.decodeInteger(row.amount);
      }
      return usage;
    },
    /** Purchases reserved after `from` and at `until` or before, another's than `exceptId`; `limit` at most. */
    async count(reader: Reader, counted: CountedScope, range: CountBounds): Promise<number> {
      const { rows } = await counts[counted.scope](reader, { ...counted, ...range });
      return dialect.decodeInteger(rows[0]?.count ?? 0);
    },
  };
}

/** Lets every window that holds an instant count more, or less. */
export function prepareWindowShift() {
  const shift = prepareQuery(({ db }, change: Shift) =>
    db
      .updateTable("spend_windows")
      .set((row) => ({ amount: row("amount", "+", change.counted) }))
      .where("spend_account_id", "in", [change.first, change.second, change.third])
      .where("starts_at", ">", change.after)
      .where("starts_at", "<=", change.at)
      .where("ends_at", ">", change.at),
  );
  return async (
    transaction: Transaction,
    accounts: readonly Account[],
    counted: number,
    at: number,
  ): Promise<void> => {
    const [first, second = first, third = second] = accounts.map(({ id }) => id);
    if (first === undefined || second === undefined || third === undefined) return;
    await shift(transaction, { first, second, third, counted, at, after: at - LONGEST_MS });
  };
}

interface WindowsKey extends Readonly<Record<SpendWindow, number>> {
  readonly accountId: string;
  readonly timeZone: string;
}

interface Shift {
  readonly first: string;
  readonly second: string;
  readonly third: string;
  readonly counted: number;
  readonly at: number;
  readonly after: number;
}

type Range = CountedScope & WindowBounds;

interface CountBounds {
  readonly from: number;
  readonly until: number;
  readonly exceptId: string;
  readonly limit: number;
}
type CountRange = CountedScope & CountBounds;

function isWindow(
  row: Pick<SpendWindowRow, "kind" | "starts_at" | "ends_at">,
  kind: SpendWindow,
  { startsAt, endsAt }: WindowBounds,
  { decodeInteger }: Dialect,
): boolean {
  // The rules of a time zone may have changed since.
  return (
    row.kind === kind &&
    decodeInteger(row.starts_at) === startsAt &&
    decodeInteger(row.ends_at) === endsAt
  );
}

function sumCounted({ db }: Reader, range: Range) {
  return db
    .selectFrom("purchases")
    .select(sql<number>`coalesce(sum(${COUNTED}), 0)`.as("amount"))
    .where("currency", "=", range.currency)
    .where("reserved_at", ">=", range.startsAt)
    .where("reserved_at", "<", range.endsAt);
}

function countReserved({ db }: Reader, range: CountRange, column: "agent_id" | "project_id") {
  const reserved = db
    .selectFrom("purchases")
    .select("request_id")
    .where(column, "=", range.scopeId)
    .where("currency", "=", range.currency)
    .where("reserved_at", ">", range.from)
    .where("reserved_at", "<=", range.until)
    .where("hold", "<>", "NONE")
    .where("request_id", "<>", range.exceptId)
    .limit(range.limit);
  return db
    .selectFrom(reserved.as("reserved"))
    .select((row) => row.fn.countAll<number>().as("count"));
}
