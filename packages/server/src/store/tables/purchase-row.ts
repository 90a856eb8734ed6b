import type { PaymentChallenge, PurchaseJudgement, SpendCheck } from "@holdpoint/protocol/spend";
import type { PurchasePart } from "../../domain/event.js";
import type { NewPurchase, Purchase, PurchaseTerms } from "../../domain/spend/purchase.js";
import type { Dialect } from "../dialects/dialect.js";
import type { PurchaseRow } from "../schema.js";
import { optional } from "./request-row.js";
import type { AccountChain } from "./spend-accounts.js";

export const PURCHASE_COLUMNS = [
  "request_id",
  "project_id",
  "agent_id",
  "organisation_id",
  "currency",
  "amount",
  "approved_amount",
  "actual_amount",
  "refunded_amount",
  "category",
  "merchant_name",
  "payee",
  "x402",
  "checks",
  "outcome",
  "hold",
  "reserved_at",
  "hold_expires_at",
  "confirmed_at",
  "late",
  "confirm_digest",
  "receipt_url",
  "external_id",
] as const satisfies readonly (keyof PurchaseRow)[];

/** Between purchases and their rows. */
export class PurchaseMapper {
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  toRow(
    { request, terms, grant }: NewPurchase,
    organisationId: string | null,
    { outcome, checks }: PurchaseJudgement,
  ): PurchaseRow {
    return {
      request_id: request.id,
      project_id: request.projectId,
      agent_id: request.agent.id,
      organisation_id: organisationId,
      currency: terms.currency,
      amount: terms.amountMinor,
      approved_amount: null,
      actual_amount: null,
      refunded_amount: 0,
      category: terms.category,
      merchant_name: terms.merchantName ?? null,
      payee: terms.payee ?? null,
      x402: terms.x402 === undefined ? null : this.#dialect.encodeJson(terms.x402),
      checks: this.#dialect.encodeJson(checks),
      outcome,
      hold: outcome === "rejected" ? "NONE" : "HELD",
      reserved_at: request.createdAt,
      hold_expires_at: outcome === "auto_approved" ? grant.expiresAt : null,
      confirmed_at: null,
      late: this.#dialect.encodeBoolean(false),
      confirm_digest: null,
      receipt_url: null,
      external_id: null,
    };
  }

  toPurchase(row: PurchaseRow, request: Purchase["request"], remaining?: number): Purchase {
    const { decodeInteger, decodeBoolean, decodeJson } = this.#dialect;
    const integer = (value: number | null) => (value === null ? null : decodeInteger(value));
    return {
      request,
      terms: this.toTerms(row),
      ...optional("approvedAmountMinor", integer(row.approved_amount)),
      ...optional("actualAmountMinor", integer(row.actual_amount)),
      refundedAmountMinor: decodeInteger(row.refunded_amount),
      checks: decodeJson(row.checks) as readonly SpendCheck[],
      hold: row.hold,
      reservedAt: decodeInteger(row.reserved_at),
      ...optional("holdExpiresAt", integer(row.hold_expires_at)),
      ...optional("confirmedAt", integer(row.confirmed_at)),
      late: decodeBoolean(row.late),
      ...optional("receiptUrl", row.receipt_url),
      ...optional("externalId", row.external_id),
      ...optional("remainingMinor", remaining),
    };
  }

  toTerms(row: PurchaseRow): PurchaseTerms {
    const { decodeInteger, decodeJson } = this.#dialect;
    return {
      amountMinor: decodeInteger(row.amount),
      currency: row.currency,
      category: row.category,
      ...optional("merchantName", row.merchant_name),
      ...optional("payee", row.payee),
      ...(row.x402 !== null && { x402: decodeJson(row.x402) as PaymentChallenge }),
    };
  }

  /** What may be spent: as asked, or as a person lowered it. */
  toApproved({ amount, approved_amount }: PurchaseRow): number {
    return this.#dialect.decodeInteger(approved_amount ?? amount);
  }

  /** What its event says of the money. */
  toPart(row: PurchaseRow, amountMinor: number): PurchasePart {
    const { currency, category, payee } = row;
    return {
      amountMinor,
      currency,
      category,
      ...optional("payee", payee),
      ...(this.#dialect.decodeBoolean(row.late) && { late: true }),
    };
  }
}

export function chainOf(row: PurchaseRow): AccountChain {
  return {
    projectId: row.project_id,
    agentId: row.agent_id,
    organisationId: row.organisation_id,
    currency: row.currency,
  };
}
