/**
 * How long the IBANs of a country are.
 *
 * @see SWIFT IBAN Registry (ISO 13616), release 99
 */
const LENGTHS =
  "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

/** Where one may begin. */
const START = /(?<![A-Za-z0-9])([A-Z]{2})\d{2}/g;

/** Whether a text has an IBAN in it: of a country's length, in one piece or in groups, with its check digits. */
export function hasIban(text: string): boolean {
  for (const { 1: country = "", index } of text.matchAll(START)) {
    const found = read(text, index, lengthOf(country));
    if (found !== undefined && hasCheckDigits(found)) return true;
  }
  return false;
}

function lengthOf(country: string): number {
  const at = LENGTHS.indexOf(country);
  return at < 0 ? 0 : Number(LENGTHS.slice(at + 2, at + 4));
}

/** So many characters, without single spaces between them; nothing where a word goes on behind them. */
function read(text: string, start: number, length: number): string | undefined {
  let found = "";
  let at = start;
  while (found.length < length && /[A-Z0-9]/.test(text.charAt(at))) {
    found += text.charAt(at++);
    if (found.length < length && text.charAt(at) === " ") at++;
  }
  const isWhole = length > 0 && found.length === length;
  return isWhole && !/[A-Za-z0-9]/.test(text.charAt(at)) ? found : undefined;
}

/** @see ISO 7064, MOD 97-10 */
function hasCheckDigits(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
