/** Strings, which are passed over, and plain integers of at least 16 digits. */
const TOKENS = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/gs;

/**
 * Tells whether JSON text spells an integer that a 64-bit float would change: one that comes back
 * from `JSON.parse` with other digits. What a float prints of itself is kept, so nothing that
 * `JSON.stringify` wrote is refused.
 *
 * @see RFC 8259 §6 (interoperable numbers)
 */
export function losesDigits(jsonText: string): boolean {
  // Nearly every body ends here; only a suspicious one is read token by token.
  if (!/\d{16}/.test(jsonText)) return false;
  for (const [token] of jsonText.matchAll(TOKENS)) {
    if (!token.startsWith('"') && changes(token)) return true;
  }
  return false;
}

function changes(integer: string): boolean {
  const float = Number(integer);
  if (!Number.isFinite(float)) return true;
  return String(float) !== integer && BigInt(float) !== BigInt(integer);
}
