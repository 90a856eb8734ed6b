import { LIMITS } from "@holdpoint/protocol";
import {
  ledgerEntrySchema,
  listLedgerEntriesSchema,
  listSchema,
} from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { loadBudget } from "../../pipeline/limits/budget.js";
import { budgetPath } from "./path.js";
import { toWireLedgerEntry } from "./wire.js";

export const listLedgerEntriesOperation = operation({
  id: "listLedgerEntries",
  tag: "Spend",
  method: "get",
  path: "/v1/budgets/{id}/entries",
  audience: { operator: "member" },
  summary: "Read a budget's ledger",
  description:
    "Newest first. Each entry moves an amount from one account of the budget to another, and is never changed. An organisation's ledger is for members of all its projects.",
  params: budgetPath,
  query: listLedgerEntriesSchema,
  responses: { 200: { description: "A page of entries.", schema: listSchema(ledgerEntrySchema) } },
  async handle({ context, caller, params, query }) {
    const { id } = await loadBudget(context, caller, params.id);
    const page = await context.store.budgets.listEntries(caller.projectId, id, {
      limit: query.limit ?? LIMITS.pageSize,
      ...(query.cursor !== undefined && { cursor: query.cursor }),
    });
    const data = page.items.map(toWireLedgerEntry);
    return { status: 200, body: { data, next_cursor: page.nextCursor } };
  },
});
