import { formatAmount } from "@holdpoint/protocol/spend/core";
import { isJsonObject } from "../core.js";
import { isMoney } from "../spend/wire.js";
import type { MovedMoney } from "./options.js";

/** What an event says of the money; `undefined` when it does not say it. */
export function readMovedMoney(part: unknown): MovedMoney | undefined {
  if (!isJsonObject(part)) return undefined;
  const { category, payee, late = false } = part;
  if (!isMoney(part) || part.amount_minor < 0) return undefined;
  if (typeof category !== "string" || typeof late !== "boolean") return undefined;
  if (payee !== undefined && typeof payee !== "string") return undefined;
  const { amount_minor: minor, currency } = part;
  const amount = formatAmount(BigInt(minor), currency);
  return { amount, currency, category, late, ...(payee !== undefined && { payee }) };
}
