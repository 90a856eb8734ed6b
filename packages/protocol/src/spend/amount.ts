import { currencyDecimals } from "./currency.js";

/** The largest amount of one purchase, limit or budget, in minor units. */
export const MAX_AMOUNT_MINOR = 999_999_999_999_999n;

/** Why a text is no amount. */
export type AmountFault = "currency_unknown" | "not_decimal" | "too_many_decimals" | "too_large";

/** Thrown for what is no amount of money. The message never holds what was given. */
export class AmountError extends Error {
  override readonly name = "AmountError" as const;
  readonly fault: AmountFault;

  constructor(fault: AmountFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

const DECIMAL = /^(0|[1-9]\d*)(?:\.(\d+))?$/;

/**
 * Reads a decimal text as minor units: `parseAmount("12.5", "EUR")` is `1250n`. Never rounds.
 *
 * @param text - Digits and at most one point. No sign, exponent, separators or spaces.
 * @throws {AmountError} `currency_unknown`, `not_decimal`, `too_many_decimals`, `too_large`.
 */
export function parseAmount(text: string, currency: string): bigint {
  const decimals = requireDecimals(currency);
  const match = DECIMAL.exec(text);
  if (match === null) {
    throw new AmountError(
      "not_decimal",
      'Expected an amount as decimal text, for example "12.50", without sign, exponent or separators.',
    );
  }
  const [, whole = "0", fraction = ""] = match;
  if (fraction.length > decimals) {
    throw new AmountError(
      "too_many_decimals",
      `Expected at most ${decimals} decimals for ${currency}, got ${fraction.length}.`,
    );
  }
  const minor = BigInt(whole + fraction.padEnd(decimals, "0"));
  if (minor > MAX_AMOUNT_MINOR) throw tooLarge(currency);
  return minor;
}

/**
 * Writes minor units with all decimals of the currency: `formatAmount(1250n, "EUR")` is `"12.50"`.
 *
 * @throws {AmountError} `currency_unknown`.
 */
export function formatAmount(minor: bigint, currency: string): string {
  const decimals = requireDecimals(currency);
  const sign = minor < 0n ? "-" : "";
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, "0");
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function requireDecimals(currency: string): number {
  const decimals = currencyDecimals(currency);
  if (decimals !== undefined) return decimals;
  throw new AmountError(
    "currency_unknown",
    "Expected a currency by its code of ISO 4217, for example EUR, or a stablecoin, for example USDC.",
  );
}

function tooLarge(currency: string): AmountError {
  return new AmountError(
    "too_large",
    `Expected at most ${formatAmount(MAX_AMOUNT_MINOR, currency)} ${currency}.`,
  );
}
