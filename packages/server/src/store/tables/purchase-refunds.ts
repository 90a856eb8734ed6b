import { operatorActor } from "../../domain/actor.js";
import { ESCROW_ACTION } from "../../domain/escrow.js";
import { onlyByItsSteps } from "../../domain/escrow-problem.js";
import { aboveRefundable, refundIdConflict } from "../../domain/spend/problem.js";
import type { Refund } from "../../domain/spend/purchase.js";
import type { Database, Transaction } from "../database.js";
import type { PurchaseRow, RefundRow, RequestRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { PurchaseStore } from "../verbs/purchases.js";
import type { PurchaseLoader } from "./purchase-loader.js";
import type { PurchaseMoney } from "./purchase-money.js";
import { chainOf } from "./purchase-row.js";
import { RequestMapper } from "./request-row.js";

export function createPurchaseRefunds(
  database: Database,
  vault: Vault,
  money: PurchaseMoney,
  loader: PurchaseLoader,
): PurchaseStore["refund"] {
  const { dialect } = database;
  const requests = new RequestMapper(dialect, vault);
  const { queries } = money;

  async function refund(
    transaction: Transaction,
    projectId: string,
    requestId: string,
    refunded: Refund,
  ): ReturnType<PurchaseStore["refund"]> {
    const key = { id: requestId, project_id: projectId };
    const { rows } = await money.requests.lock(transaction, key);
    const [request] = rows;
    const row = request && (await money.find(transaction, requestId));
    if (request === undefined || row === undefined) return undefined;
    if (request.action === ESCROW_ACTION) return { outcome: "refused", problem: onlyByItsSteps() };
    const outcome = await give(transaction, row, request, refunded);
    if (outcome === "taken") return { outcome: "refused", problem: refundIdConflict() };
    if (outcome === "too_much") {
      return { outcome: "refused", problem: aboveRefundable(refundableOf(row), row.currency) };
    }
    const purchase = await loader.load(transaction, projectId, requestId);
    return purchase && { outcome, purchase };
  }

  async function give(
    transaction: Transaction,
    row: PurchaseRow,
    request: RequestRow,
    refunded: Refund,
  ): Promise<"refunded" | "replayed" | "taken" | "too_much"> {
    const { id, amountMinor, at, operator } = refunded;
    const { rows } = await queries.findRefund(transaction, { id });
    if (rows[0] !== undefined) return isSame(rows[0], row, refunded) ? "replayed" : "taken";
    if (amountMinor > refundableOf(row)) return "too_much";
    const accounts = await money.accounts.lock(transaction, chainOf(row), at);
    const inserted = await queries.insertRefund(transaction, toRow(row, refunded));
    if (inserted.numAffectedRows !== 1n) return "taken";
    const { request_id } = row;
    const updated = await queries.refund(transaction, { request_id, amount: amountMinor });
    if (updated.numAffectedRows !== 1n) throw new Error("Expected a locked purchase to stand.");
    await money.record(transaction, row, accounts, {
      base: requests.toEvent(request),
      type: "purchase.refunded",
      at,
      actor: operatorActor(operator),
      amountMinor,
      movements: [{ kind: "refund", from: "spent", to: "available", amountMinor }],
    });
    return "refunded";
  }

  /** What was paid and has not come back. */
  function refundableOf({ hold, actual_amount, refunded_amount }: PurchaseRow): number {
    if (hold !== "SETTLED" || actual_amount === null) return 0;
    return dialect.decodeInteger(actual_amount) - dialect.decodeInteger(refunded_amount);
  }

  function isSame(known: RefundRow, { request_id }: PurchaseRow, { amountMinor }: Refund): boolean {
    return known.request_id === request_id && dialect.decodeInteger(known.amount) === amountMinor;
  }

  return (projectId, requestId, refunded) =>
    database.write((transaction) => refund(transaction, projectId, requestId, refunded));
}

function toRow({ project_id, request_id }: PurchaseRow, refunded: Refund): RefundRow {
  return {
    id: refunded.id,
    project_id,
    request_id,
    amount: refunded.amountMinor,
    reason: refunded.reason ?? null,
    at: refunded.at,
    operator_id: refunded.operator.id,
  };
}
