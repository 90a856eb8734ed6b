/**
 * Reads a `Retry-After` header: seconds or an HTTP date.
 *
 * @returns Milliseconds from now, 0 for a date gone by, `undefined` when absent or unreadable.
 * @see RFC 9110 §10.2.3
 */
export function parseRetryAfter(header: string | null, nowMs = Date.now()): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
