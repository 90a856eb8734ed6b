/** Digits in one piece. The control of a decimal or of another name is not a card. */
const SOLID = /(?<![\w-]|\d\.)\d{13,19}(?![\w-]|\.\d)/g;

/**
 * As cards print them: 4-4-4-4, with up to three more digits, or 4-6-5 and 4-6-4. A group before it
 * makes it part of a longer row of numbers; one behind it may be when the card expires.
 */
const GROUPED =
  /(?<![\w-]|\d[ .])(\d{4}([ -])(?:\d{4}\2\d{4}\2\d{4}|\d{6}\2\d{4,5}))(\2\d{1,3})?(?![\w-]|\.\d)/g;

/** How the numbers of the networks begin, and from how many digits to how many they have. */
const NETWORKS: readonly (readonly [prefix: RegExp, shortest: number, longest: number])[] = [
  // Visa
  [/^4/, 13, 13],
  [/^4/, 16, 16],
  [/^4/, 19, 19],
  // Mastercard
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 16, 16],
  // American Express
  [/^3[47]/, 15, 15],
  // Diners Club
  [/^3(?:0[0-5]|095|[689])/, 14, 19],
  // Discover
  [/^(?:6011|64[4-9]|65)/, 16, 19],
  // JCB
  [/^35(?:2[89]|[3-8])/, 16, 19],
  // UnionPay
  [/^(?:62|81)/, 16, 19],
  // Maestro
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, 13, 19],
  // Mir
  [/^220[0-4]/, 16, 19],
];

/** Whether a text has the number of a payment card in it: known beginning, length and check digit. */
export function hasCardNumber(text: string): boolean {
  for (const [digits] of text.matchAll(SOLID)) if (isCardNumber(digits)) return true;
  for (const [, grouped = "", , tail = ""] of text.matchAll(GROUPED)) {
    if (isCardNumber(digitsOf(grouped)) || isCardNumber(digitsOf(grouped + tail))) return true;
  }
  return false;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

function isCardNumber(digits: string): boolean {
  const isKnown = NETWORKS.some(
    ([prefix, shortest, longest]) =>
      digits.length >= shortest && digits.length <= longest && prefix.test(digits),
  );
  return isKnown && hasCheckDigit(digits);
}

/** @see ISO/IEC 7812-1 Annex B (Luhn) */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighted = index % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
