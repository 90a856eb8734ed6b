import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import type { WireMoney } from "@holdpoint/protocol/spend";
import { isJsonObject, ValidationError } from "../core.js";
import { isUnrecorded } from "../guard/follow.js";
import { recordable } from "../guard/run.js";
import { readAmount } from "./amount.js";
import { isMoney } from "./wire.js";

/** The name under which a payment is on record, as the result of its execution. */
const RECORD_NAME = "holdpoint.payment";

/** What a payment came to, as it is on record: enough to confirm it after a crash. */
export interface PaymentRecord {
  /** Absent: the payment said no amount that could be used. */
  readonly actual?: WireMoney | undefined;
  readonly result?: JsonValue | undefined;
  readonly receiptUrl?: string | undefined;
  readonly externalId?: string | undefined;
}

/** Writes down what the caller's function returned. It has paid, so whatever it is, it is recorded. */
export function recordPayment(returned: unknown, currency: string): JsonObject {
  const payment = Object(returned) as Readonly<Record<string, unknown>>;
  const facts = {
    actual_amount: usableAmount(payment.actualAmount, currency),
    receipt_url: optionalText(payment.receiptUrl),
    external_id: optionalText(payment.externalId),
  };
  const whole = recordable({ ...facts, result: payment.result });
  // The result alone can be too large or no JSON; what was paid has to be on record all the same.
  const record = isUnrecorded(whole) ? recordable({ ...facts, result: whole }) : whole;
  return { [RECORD_NAME]: record as JsonValue };
}

/** Reads it back; `undefined` where somebody has settled the execution in another way. */
export function readPayment(recorded: JsonValue | undefined): PaymentRecord | undefined {
  if (!isJsonObject(recorded)) return undefined;
  const record = recorded[RECORD_NAME];
  if (!isJsonObject(record)) return undefined;
  const { actual_amount: actual, result, receipt_url, external_id } = record;
  return {
    actual: isMoney(actual) ? actual : undefined,
    result,
    receiptUrl: optionalText(receipt_url),
    externalId: optionalText(external_id),
  };
}

function usableAmount(amount: unknown, currency: string): WireMoney | undefined {
  try {
    return { amount_minor: Number(readAmount("actualAmount", amount, currency)), currency };
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return undefined;
  }
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
