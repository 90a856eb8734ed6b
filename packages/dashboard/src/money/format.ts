import { currencyDecimals, formatAmount, type WireMoney } from "@holdpoint/protocol/spend";

/** Fewer decimals than a coin has read as an estimate: `12.50 USDC`, and `0.000125 USDC` in full. */
const LEAST_COIN_DECIMALS = 2;
const LONGEST_CURRENCY_DECIMALS = 4;

/**
 * An amount as its reader writes it, never rounded: `1.234,50 €` in German, `€1,234.50` in English.
 *
 * @param locale - Default: the browser's.
 */
export function formatMoney({ amount_minor, currency }: WireMoney, locale?: string): string {
  const decimals = currencyDecimals(currency);
  // A currency this build does not know: its digits as they came, in no unit we could vouch for.
  if (decimals === undefined) return `${amount_minor} × 1 minor unit of ${currency}`;
  // As text, for a number would be rounded before it is written.
  const text = formatAmount(BigInt(amount_minor), currency) as Intl.StringNumericLiteral;
  return formatOf(currency, decimals, locale).format(text);
}

/** The same without the currency, for columns that name it at their head. */
export function formatDigits({ amount_minor, currency }: WireMoney, locale?: string): string {
  const decimals = currencyDecimals(currency) ?? 0;
  const text = formatAmount(BigInt(amount_minor), currency) as Intl.StringNumericLiteral;
  return new Intl.NumberFormat(locale, digitsOf(decimals)).format(text);
}

interface Format {
  format(text: Intl.StringNumericLiteral): string;
}

function formatOf(currency: string, decimals: number, locale: string | undefined): Format {
  const digits = digitsOf(decimals);
  // `Intl` takes codes of three letters only; stablecoins have more.
  if (currency.length === 3) {
    return new Intl.NumberFormat(locale, { style: "currency", currency, ...digits });
  }
  const number = new Intl.NumberFormat(locale, digits);
  return { format: (text) => `${number.format(text)}\u00a0${currency}` };
}

function digitsOf(decimals: number): Intl.NumberFormatOptions {
  const isCoin = decimals > LONGEST_CURRENCY_DECIMALS;
  return {
    minimumFractionDigits: isCoin ? LEAST_COIN_DECIMALS : decimals,
    maximumFractionDigits: decimals,
  };
}
