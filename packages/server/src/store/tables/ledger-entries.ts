import { sql } from "kysely";
import { DAY_MS } from "../../domain/budgets/burn-down.js";
import { decodeCursor, encodeCursor } from "../cursor.js";
import type { Database, Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { LedgerEntryRow } from "../schema.js";
import type { BudgetStore, LedgerEntry } from "../verbs/budgets.js";
import { selectVisible, toBudget } from "./budget-row.js";
import { actorIn } from "./columns.js";
import { optional } from "./request-row.js";

/** Reads what money has moved. */
export function createLedgerReader({
  read,
  dialect,
}: Database): Pick<BudgetStore, "listEntries" | "sumDays"> {
  return {
    async listEntries(projectId, budgetId, { limit, cursor }) {
      const after =
        cursor === undefined ? undefined : decodeCursor(cursor, ["entries", 0, ""] as const);
      const rows = await read((reader) => {
        const page = selectEntries(reader, projectId, budgetId).limit(limit + 1);
        if (after === undefined) return page.execute();
        const [, at, id] = after;
        return page
          .where(({ eb, refTuple, tuple }) =>
            eb(refTuple("ledger_entries.at", "ledger_entries.id"), "<", tuple(at, id)),
          )
          .execute();
      });
      // One row more than asked for tells that there is a next page.
      const items = rows.slice(0, limit).map((row) => toEntry(row, dialect));
      const last = rows.length > limit ? items.at(-1) : undefined;
      return { items, nextCursor: last ? encodeCursor(["entries", last.at, last.id]) : null };
    },
    async sumDays(projectId, budgetId, since) {
      // One statement: the sums belong to the balance beside them.
      const rows = await read((reader) =>
        selectVisible(reader, projectId)
          .where("spend_accounts.id", "=", budgetId)
          .leftJoin(
            ({ selectFrom }) =>
              selectFrom("ledger_entries")
                .select(["spend_account_id", "kind", "from_account", "to_account"])
                .select(DAY.as("day"))
                .select(({ fn }) => fn.sum<number>("amount").as("amount"))
                .where("spend_account_id", "=", budgetId)
                .where("at", ">=", since)
                .groupBy(["spend_account_id", "kind", "from_account", "to_account", DAY])
                .as("moved"),
            (join) => join.onRef("moved.spend_account_id", "=", "spend_accounts.id"),
          )
          .select(["moved.kind", "moved.from_account", "moved.to_account"])
          .select(["moved.day", "moved.amount"])
          .execute(),
      );
      const [budget] = rows;
      if (budget === undefined) return undefined;
      const movements = rows.flatMap(({ kind, from_account: from, to_account: to, ...row }) =>
        kind === null || from === null || to === null
          ? []
          : [
              {
                day: dialect.decodeInteger(row.day),
                kind,
                from,
                to,
                amount: dialect.decodeInteger(row.amount),
              },
            ],
      );
      return { budget: toBudget(budget, dialect), movements };
    },
  };
}

/** Whole days since the epoch. A literal, which keeps the division one of integers. */
const DAY = sql<number>`ledger_entries.at / ${sql.lit(DAY_MS)}`;

/** Newest first. */
function selectEntries(reader: Reader, projectId: string, budgetId: string) {
  return reader.db
    .selectFrom("ledger_entries")
    .innerJoin("spend_accounts", "spend_accounts.id", "ledger_entries.spend_account_id")
    .selectAll("ledger_entries")
    .select("spend_accounts.currency")
    .where("ledger_entries.spend_account_id", "=", budgetId)
    .where(({ exists }) =>
      exists(
        selectVisible(reader, projectId)
          .where("spend_accounts.id", "=", budgetId)
          .clearSelect()
          .select("spend_accounts.id"),
      ),
    )
    .orderBy("ledger_entries.at", "desc")
    .orderBy("ledger_entries.id", "desc");
}

function toEntry(
  row: LedgerEntryRow & { readonly currency: string },
  dialect: Dialect,
): LedgerEntry {
  return {
    id: row.id,
    budgetId: row.spend_account_id,
    kind: row.kind,
    from: row.from_account,
    to: row.to_account,
    amount: dialect.decodeInteger(row.amount),
    currency: row.currency,
    at: dialect.decodeInteger(row.at),
    actor: actorIn("actor", row),
    ...optional("requestId", row.request_id),
    ...optional("eventId", row.event_id),
  };
}
