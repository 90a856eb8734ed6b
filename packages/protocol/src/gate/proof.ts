/**
 * The claim of a proof that binds the body: base64url of SHA-256 of its bytes. RFC 9449 leaves the body
 * out; here a proof for a call with a body that lacks it is refused.
 */
export const BODY_DIGEST_CLAIM = "body_sha256";

/** `typ` of a proof (RFC 9449 §4.2). */
export const PROOF_TYPE = "dpop+jwt";
/** `typ` of what an enrolled agent authenticates with (RFC 7523 bis §3). */
export const ASSERTION_TYPE = "client-authentication+jwt";
/** `typ` of a lease (RFC 9068 §2.1). */
export const LEASE_TYPE = "at+jwt";

/**
 * A URL as a proof's `htu` names it: without query and fragment, scheme and host in lower case, the
 * scheme's own port left out. The path stays as it is.
 *
 * @throws {TypeError} for what is no absolute URL.
 * @see RFC 9449 §4.2, §4.3; RFC 3986 §6.2.2, §6.2.3
 */
export function proofUrlOf(url: string): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

/** SHA-256 of some text as UTF-8, base64url: for {@link BODY_DIGEST_CLAIM} and `ath`. */
export async function digestText(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...hash))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
