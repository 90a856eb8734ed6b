import { AmountError, parseAmount } from "@holdpoint/protocol/spend";

/** What somebody typed as an amount. */
export type ReadAmount =
  | { readonly ok: true; readonly minor: bigint }
  | { readonly ok: false; readonly fault: string };

/**
 * Reads an amount as typed: with a point, or with a comma where the reader's language writes one.
 * Separators of thousands are refused, for `1.234` means two things.
 *
 * @param locale - Default: the browser's.
 */
export function readAmount(text: string, currency: string, locale?: string): ReadAmount {
  try {
    return { ok: true, minor: parseAmount(plainAmount(text, locale), currency) };
  } catch (error) {
    if (error instanceof AmountError) return { ok: false, fault: explain(error) };
    throw error;
  }
}

/** The typed text as decimal text of the wire, where it can be one; else as it is. */
export function plainAmount(text: string, locale?: string): string {
  const trimmed = text.trim();
  const oneComma = /^\d+,\d+$/.test(trimmed);
  return oneComma && decimalMark(locale) === "," ? trimmed.replace(",", ".") : trimmed;
}

function decimalMark(locale: string | undefined): string | undefined {
  const parts = new Intl.NumberFormat(locale).formatToParts(0.5);
  return parts.find(({ type }) => type === "decimal")?.value;
}

function explain(error: AmountError): string {
  return error.fault === "not_decimal"
    ? "Write digits and at most one point, for example 1250.00."
    : error.message;
}
