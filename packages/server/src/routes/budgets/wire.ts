import { receiptIdOf } from "@holdpoint/protocol";
import type { WireBudget, WireBurnDown, WireLedgerEntry } from "@holdpoint/protocol/spend";
import type { BurnDownPoint } from "../../domain/budgets/burn-down.js";
import type { Budget, LedgerEntry } from "../../store/verbs/budgets.js";
import { wireTime } from "../time.js";

export function toWireBudget(budget: Budget): WireBudget {
  const { scope, holder, currency, allocated, held, spent } = budget;
  const money = (amount_minor: number) => ({ amount_minor, currency });
  return {
    id: budget.id,
    scope,
    ...(holder !== undefined && scope !== "project" && { [scope]: holder }),
    currency,
    allocated: allocated === undefined ? null : money(allocated),
    held: money(held),
    spent: money(spent),
    available_minor: allocated === undefined ? null : allocated - held - spent,
    updated_at: wireTime(budget.updatedAt),
  };
}

export function toWireLedgerEntry(entry: LedgerEntry): WireLedgerEntry {
  const { kind, from, to, amount, currency, requestId, eventId } = entry;
  return {
    id: entry.id,
    budget_id: entry.budgetId,
    kind,
    from,
    to,
    amount: { amount_minor: amount, currency },
    at: wireTime(entry.at),
    actor: entry.actor,
    ...(requestId !== undefined && { request_id: requestId }),
    ...(eventId !== undefined && { receipt_id: receiptIdOf(eventId) }),
  };
}

export function toWirePoint(point: BurnDownPoint): WireBurnDown["points"][number] {
  return {
    at: wireTime(point.at),
    reserved_minor: point.reserved,
    spent_minor: point.spent,
    refunded_minor: point.refunded,
    available_minor: point.available ?? null,
  };
}
