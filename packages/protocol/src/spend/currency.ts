/**
 * Every active currency of ISO 4217 that is money to pay with, by the number of its decimals. Kept
 * here rather than taken from `Intl`, whose numbers are those of shop windows (none for many) and
 * differ between runtimes. A test compares it with the published list.
 *
 * @see https://www.six-group.com/en/products-services/financial-information/data-standards.html (ISO 4217, list one)
 */
const ISO_4217: Readonly<Record<number, string>> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
  2:
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF " +
    "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD " +
    "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA " +
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN " +
    "QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP " +
    "TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG",
  3: "BHD IQD JOD KWD LYD OMR TND",
};

/** Stablecoins, counted to 6 decimals, so that payments below a cent count whole. */
export const STABLECOINS = ["USDC", "USDT", "EURC", "PYUSD", "USDG"] as const;
const STABLECOIN_DECIMALS = 6;

const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...Object.entries(ISO_4217).flatMap(([decimals, codes]) =>
    codes.split(" ").map((code) => [code, Number(decimals)] as const),
  ),
  ...STABLECOINS.map((code) => [code, STABLECOIN_DECIMALS] as const),
]);

/** Every currency there is, in the order of the alphabet. */
export function listCurrencies(): readonly string[] {
  return [...DECIMALS.keys()].sort();
}

/** How many decimals a currency has; `undefined` for one that is not known. */
export function currencyDecimals(currency: string): number | undefined {
  return DECIMALS.get(currency);
}
