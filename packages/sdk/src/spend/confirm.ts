import type { WireConfirmPurchase, WireMoney, WirePurchase } from "@holdpoint/protocol/spend";
import { invalidResponse, requireRequestId } from "../core.js";
import type { ClientParts } from "../late.js";
import type { Call } from "../transport/transport.js";
import { readAmount, requireAmount } from "./amount.js";
import type { ConfirmOptions } from "./options.js";
import type { Purchase } from "./purchase.js";
import { fetchPurchase } from "./read.js";
import { openPurchase } from "./view.js";
import { parsePurchase } from "./wire.js";

/** A purchase, or its id. */
export type Confirmable = string | Pick<Purchase, "requestId" | "currency">;

/** Says how a payment ended. */
export async function confirmPurchase(
  parts: ClientParts,
  purchase: Confirmable,
  outcome: ConfirmOptions,
  signal: AbortSignal | undefined,
): Promise<Purchase> {
  const requestId = requireRequestId(typeof purchase === "string" ? purchase : purchase.requestId);
  const actual = await readActual(parts, purchase, outcome, signal);
  const call = composeConfirmation(requestId, outcome, actual);
  return sendConfirmation(parts, { ...call, signal });
}

/** The currency is only looked up where an amount is in it. */
async function readActual(
  parts: ClientParts,
  purchase: Confirmable,
  { actualAmount }: ConfirmOptions,
  signal: AbortSignal | undefined,
): Promise<WireMoney | undefined> {
  if (actualAmount === undefined) return undefined;
  const amount = requireAmount("actualAmount", actualAmount);
  const isKnown = typeof purchase !== "string";
  const currency = isKnown
    ? purchase.currency
    : (await fetchPurchase(parts, purchase, signal)).amount.currency;
  return { amount_minor: Number(readAmount("actualAmount", amount, currency)), currency };
}

interface ConfirmationCall extends Call {
  readonly requestId: string;
  readonly success: boolean;
}

/** The confirmation, ready to send: sent again, it is the same. */
export function composeConfirmation(
  requestId: string,
  { success, receiptUrl, externalId }: ConfirmOptions,
  actual: WireMoney | undefined,
): ConfirmationCall {
  const body = JSON.stringify({
    success,
    actual_amount: actual,
    receipt_url: receiptUrl,
    external_id: externalId,
  } satisfies { [Key in keyof WireConfirmPurchase]: WireConfirmPurchase[Key] | undefined });
  return { method: "POST", path: `/v1/purchases/${requestId}/confirm`, body, requestId, success };
}

export async function sendConfirmation(
  { transport, cipher }: ClientParts,
  { success, ...call }: ConfirmationCall,
): Promise<Purchase> {
  const { requestId } = call;
  const purchase = parsePurchase(await transport.call(call), requestId);
  const isDone = success ? purchase.hold === "SETTLED" : !isOpen(purchase);
  if (isDone) return openPurchase(purchase, cipher);
  throw invalidResponse("Expected the purchase as confirmed", { requestId });
}

function isOpen({ hold }: WirePurchase): boolean {
  return hold === "HELD" || hold === "SETTLED";
}
