import { isApprovedStatus, type RequestStatus } from "@holdpoint/protocol";
import type { PaymentChallenge, SpendCheck } from "@holdpoint/protocol/spend";
import { type RawBuilder, sql } from "kysely";
import type { Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { PurchaseRow } from "../schema.js";
import type { ListedPastPurchase } from "../verbs/spend-limits.js";
import { optional } from "./request-row.js";

/** Many and long; of those that were let through nobody asks. */
const CHECKS_OF_REJECTED: RawBuilder<unknown> = sql`case when outcome = 'rejected' then checks end`;

/** Purchases of a project as they went, newest first, to be judged again. */
export async function loadPastPurchases(
  { db }: Reader,
  dialect: Dialect,
  projectId: string,
  limit: number,
): Promise<readonly ListedPastPurchase[]> {
  const rows = await db
    .selectFrom("purchases")
    .innerJoin("requests", "requests.id", "purchases.request_id")
    .select([
      "purchases.request_id",
      "purchases.agent_id",
      "purchases.currency",
      "purchases.amount",
      "purchases.approved_amount",
      "purchases.actual_amount",
      "purchases.refunded_amount",
      "purchases.category",
      "purchases.merchant_name",
      "purchases.payee",
      "purchases.x402",
      "purchases.outcome",
      "purchases.hold",
      "purchases.reserved_at",
      "requests.status",
    ])
    .select(CHECKS_OF_REJECTED.as("checks"))
    .where("purchases.project_id", "=", projectId)
    .orderBy("purchases.reserved_at", "desc")
    .orderBy("purchases.request_id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => toPastPurchase(row, dialect));
}

type PastRow = Omit<
  PurchaseRow,
  | "project_id"
  | "organisation_id"
  | "hold_expires_at"
  | "confirmed_at"
  | "late"
  | "confirm_digest"
  | "receipt_url"
  | "external_id"
> & { readonly status: RequestStatus };

function toPastPurchase(row: PastRow, dialect: Dialect): ListedPastPurchase {
  return {
    id: row.request_id,
    agentId: row.agent_id,
    facts: {
      amountMinor: BigInt(dialect.decodeInteger(row.amount)),
      currency: row.currency,
      category: row.category,
      ...optional("payee", row.payee),
      ...(row.x402 !== null && { x402: dialect.decodeJson(row.x402) as PaymentChallenge }),
    },
    ...optional("merchantName", row.merchant_name),
    reservedAt: dialect.decodeInteger(row.reserved_at),
    outcome: row.outcome,
    checks: row.checks === null ? [] : (dialect.decodeJson(row.checks) as SpendCheck[]),
    approved: isApprovedStatus(row.status),
    countedMinor: BigInt(countedOf(row, dialect.decodeInteger)),
  };
}

/** What of it counts: what is held, or was spent and did not come back. */
function countedOf(row: PastRow, toNumber: (stored: unknown) => number): number {
  if (row.hold === "HELD") return toNumber(row.approved_amount ?? row.amount);
  if (row.hold !== "SETTLED") return 0;
  return toNumber(row.actual_amount ?? row.amount) - toNumber(row.refunded_amount);
}
