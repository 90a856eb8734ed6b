import { AmountError, formatAmount, parseAmount } from "@holdpoint/protocol/spend/core";
import { ValidationError } from "../core.js";
import type { Amount } from "./options.js";

const EXPECTED_AMOUNT = 'Expected a decimal text, for example "12.50", or minor units as a bigint';
const EXPECTED_CURRENCY = "Expected a currency by its code, for example EUR.";

/**
 * An amount as minor units. Nothing is rounded.
 *
 * @param name - The option it was given as, for the error.
 * @throws {ValidationError} `AMOUNT_INVALID`.
 */
export function readAmount(name: string, amount: unknown, currency: unknown): bigint {
  if (typeof currency !== "string") throw invalidAmount("currency", EXPECTED_CURRENCY);
  const given = requireAmount(name, amount);
  try {
    // Written out and read again, minor units are held to the same bounds.
    const text = typeof given === "bigint" ? formatAmount(given, currency) : given;
    const minor = parseAmount(text, currency);
    if (minor > 0n) return minor;
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    throw invalidAmount(error.fault === "currency_unknown" ? "currency" : name, error.message);
  }
  throw invalidAmount(name, "Expected an amount of more than nothing.");
}

/**
 * As far as it can be checked without the currency.
 *
 * @throws {ValidationError} `AMOUNT_INVALID`.
 */
export function requireAmount(name: string, amount: unknown): Amount {
  if (typeof amount === "string" || typeof amount === "bigint") return amount;
  const got = typeof amount === "number" ? "a number, which holds money inexactly" : "none";
  throw invalidAmount(name, `${EXPECTED_AMOUNT}, got ${got}.`);
}

function invalidAmount(name: string, message: string): ValidationError {
  return new ValidationError({
    code: "AMOUNT_INVALID",
    message: `${name}: ${message} No money was moved.`,
    issues: [{ path: `/${name}`, message }],
  });
}
