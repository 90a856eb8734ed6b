import type { JsonObject, WireActor } from "@holdpoint/protocol";
import { formatAmount } from "@holdpoint/protocol/spend";
import { digestOf, digestTextOf } from "./digest.js";
import { DISPUTE_ACTION, type Escrow } from "./escrow.js";
import type { NewRequest } from "./request.js";
import { SPEND_SERVICE } from "./spend/purchase.js";

/**
 * How long a question to a person stays open: 7 days. Then it is asked again, for the money is held
 * until somebody answers.
 */
export const QUESTION_MS = 604_800_000;

export interface EscrowQuestion {
  readonly id: string;
  readonly escrow: Escrow;
  readonly by: WireActor;
  readonly reason?: string;
  readonly at: number;
}

/**
 * Asks a person what becomes of an escrow's money, as a request like any other: approved it is
 * released to the payee, rejected it returns to the payer. Whoever decided on the purchase decides
 * on this.
 */
export function questionOf(question: EscrowQuestion): NewRequest {
  const { id, escrow, by, at } = question;
  const { request } = escrow.purchase;
  const payload = payloadOf(question);
  return {
    id,
    projectId: escrow.projectId,
    agent: by.id === escrow.payee.id ? escrow.payee : escrow.payer,
    service: SPEND_SERVICE,
    action: DISPUTE_ACTION,
    payload,
    encrypted: false,
    priority: "high",
    schema: fixedSchemaOf(payload),
    metadata: {},
    createdAt: at,
    expiresAt: at + QUESTION_MS,
    parentRequestId: request.id,
    digest: digestOf(payload),
    payloadDigest: digestTextOf(payload),
    ...(request.role !== undefined && { role: request.role }),
    ...(request.quorum !== undefined && { quorum: request.quorum }),
  };
}

function payloadOf({ escrow, by, reason }: EscrowQuestion): JsonObject {
  const { payer, payee, purchase } = escrow;
  const { amountMinor, currency } = purchase.terms;
  const amount = formatAmount(BigInt(amountMinor), currency);
  return {
    approve: `${amount} ${currency} go to ${payee.name}`,
    reject: `${amount} ${currency} go back to ${payer.name}`,
    escrow_id: escrow.id,
    amount,
    currency,
    payer: payer.name,
    payee: payee.name,
    fulfilled: escrow.fulfilledAt !== undefined,
    asked_by: by.type === "agent" ? (by.name ?? by.id) : "a time that is up",
    ...(reason !== undefined && { reason }),
  };
}

/** Of a payload that nobody can edit: the answer is yes or no. */
export function fixedSchemaOf(payload: JsonObject): JsonObject {
  const properties = Object.entries(payload).map(([name, value]) => [
    name,
    { type: typeof value, title: TITLES[name] ?? name, const: value, readOnly: true },
  ]);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: Object.keys(payload),
    additionalProperties: false,
  };
}

const TITLES: Readonly<Record<string, string>> = {
  approve: "If you approve",
  reject: "If you reject",
  escrow_id: "Escrow",
  amount: "Amount",
  currency: "Currency",
  payer: "Payer",
  payee: "Payee",
  fulfilled: "The payee says that it is done",
  asked_by: "Asked by",
  reason: "Reason",
  category: "Category",
  merchant_name: "Payee's name",
  description: "Description",
  comment: "Comment",
  metadata: "Metadata",
};
