import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import { LIMITS } from "@holdpoint/protocol";
import {
  currencyDecimals,
  formatAmount,
  type WirePurchaseDetails,
} from "@holdpoint/protocol/spend";
import type { PurchaseTerms } from "./purchase.js";

/** What a person reads and may edit of a purchase: the payload of its request. */
export function payloadOf(terms: PurchaseTerms, details: WirePurchaseDetails): JsonObject {
  return {
    amount: formatAmount(BigInt(terms.amountMinor), terms.currency),
    ...judgedOf(terms),
    ...withoutUndefined(details),
  };
}

/** The part of {@link payloadOf} that was the agent's details; nothing once it is deleted. */
export function detailsOf(payload: JsonValue): WirePurchaseDetails | undefined {
  const { description, comment, metadata } = payload as WirePurchaseDetails;
  const details = withoutUndefined({ description, comment, metadata });
  return Object.keys(details).length === 0 ? undefined : (details as WirePurchaseDetails);
}

/**
 * The schema of {@link payloadOf}: a form shows all of it and lets amount, description and comment be
 * changed. What a challenge asks for is paid to the unit, so there the amount stands, too.
 */
export function schemaOf(terms: PurchaseTerms, details: WirePurchaseDetails): JsonObject {
  const payload = payloadOf(terms, details);
  const { amount, description: _description, comment: _comment, ...fixed } = payload;
  const text = { type: "string", maxLength: LIMITS.purchaseTextLength };
  const isExact = terms.x402 !== undefined;
  return {
    type: "object",
    properties: {
      amount: isExact ? constant("amount", amount as string) : amountSchema(terms.currency),
      ...Object.fromEntries(
        Object.entries(fixed).map(([name, value]) => [name, constant(name, value)]),
      ),
      description: { ...text, title: "Description" },
      comment: { ...text, title: "Comment" },
    },
    required: ["amount", ...Object.keys(fixed)],
    additionalProperties: false,
  };
}

function judgedOf({ currency, category, merchantName, payee, x402 }: PurchaseTerms): JsonObject {
  return {
    currency,
    category,
    ...(merchantName !== undefined && { merchant_name: merchantName }),
    ...(payee !== undefined && { payee }),
    ...(x402 !== undefined && { x402: { ...x402 } }),
  };
}

function amountSchema(currency: string): JsonObject {
  const decimals = currencyDecimals(currency) ?? 0;
  const fraction = decimals === 0 ? "" : `(\\.\\d{1,${decimals}})?`;
  return {
    type: "string",
    title: `Amount in ${currency}`,
    description:
      decimals === 0
        ? "You may lower it. Whole numbers only."
        : `You may lower it. At most ${decimals} decimals, after a point.`,
    pattern: `^(0|[1-9]\\d*)${fraction}$`,
  };
}

const TITLES: Readonly<Record<string, string>> = {
  amount: "Amount",
  currency: "Currency",
  category: "Category",
  merchant_name: "Merchant",
  payee: "Payee",
  x402: "Payment challenge",
  metadata: "Metadata",
};

function constant(name: string, value: JsonValue): JsonObject {
  const type = typeof value === "string" ? "string" : "object";
  return { type, title: TITLES[name] ?? name, const: value, readOnly: true };
}

function withoutUndefined(value: object): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
