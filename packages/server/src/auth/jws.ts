/** A JWS in compact form, taken apart. Nothing of it is proved yet. */
export interface Jws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What the signature is over. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Longer than any that is meant for us. */
const MAX_LENGTH = 8_192;
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/**
 * Takes a JWS apart, synchronously. Ours rather than jose's, which imports the key and crosses to
 * another thread at each verification: that alone takes longer than a proof may. The tests hold it
 * against jose, dpop and oauth4webapi.
 *
 * @returns `undefined` for what is no JWS of JSON objects, or names an extension (`crit`).
 * @see RFC 7515 §3.1, §4.1.11
 */
export function readJws(text: string): Jws | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [, header, payload, signature] = COMPACT.exec(text) ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return undefined;
  const [open, content] = [readObject(header), readObject(payload)];
  if (open === undefined || content === undefined || "crit" in open) return undefined;
  return {
    header: open,
    payload: content,
    signed: Buffer.from(text.slice(0, header.length + 1 + payload.length), "ascii"),
    signature: Buffer.from(signature, "base64url"),
  };
}

function readObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
