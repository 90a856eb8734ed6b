import { CompactSign, type CryptoKey, compactVerify } from "jose";
import { isBase64Url } from "../envelope/shape.js";
import { canonicalJson, isJsonObject } from "../json.js";
import { decodeBase64Url, decodeUtf8 } from "../receipt/bytes.js";
import { parseContent, type SignedContents, type SignedKind } from "./content.js";
import { EscrowError } from "./error.js";

/** The `alg` of every JWS here (RFC 8037 §3.1), always with Ed25519. */
const ALGORITHM = "EdDSA";
/** Longer ones are nobody's: a step has about a thousand characters. */
const MAX_LENGTH = 8_192;

/** The `typ` of each kind, so that nothing signed as one passes for another (RFC 7515 §4.1.9). */
const TYPES: Readonly<Record<SignedKind, string>> = {
  open: "holdpoint-escrow-open+jws",
  fulfil: "holdpoint-escrow-fulfil+jws",
  release: "holdpoint-escrow-release+jws",
  dispute: "holdpoint-escrow-dispute+jws",
  agent_key: "holdpoint-agent-key+jws",
  agent_key_proof: "holdpoint-agent-key-proof+jws",
};

/** The header that a JWS of this kind has, letter by letter. */
export function headerText(kind: SignedKind, keyId: string): string {
  return canonicalJson({ alg: ALGORITHM, kid: keyId, typ: TYPES[kind] });
}

/** A JWS that has been taken apart, and not verified. */
export interface UnverifiedJws<Kind extends SignedKind> {
  readonly jws: string;
  readonly kind: Kind;
  readonly keyId: string;
  readonly content: SignedContents[Kind];
}

/**
 * Takes a JWS apart. The header is compared as text, so nothing can be slipped into it: no other
 * `alg`, no `crit`.
 *
 * @param kinds - Those that may stand here.
 * @throws {EscrowError} `ESCROW_MALFORMED`.
 */
export function parseJws<Kind extends SignedKind>(
  jws: unknown,
  kinds: readonly Kind[],
): UnverifiedJws<Kind> {
  if (typeof jws !== "string" || jws.length > MAX_LENGTH) throw new EscrowError("not_a_jws");
  const [header = "", payload = "", ...rest] = jws.split(".");
  const headerBytes = decodeBase64Url(header);
  const payloadBytes = decodeBase64Url(payload);
  if (headerBytes === undefined || payloadBytes === undefined || !isSignature(rest)) {
    throw new EscrowError("not_a_jws");
  }
  const { kind, keyId } = readHeader(decodeUtf8(headerBytes) ?? "", kinds);
  const text = decodeUtf8(payloadBytes);
  if (text === undefined) throw new EscrowError("not_canonical");
  return { jws, kind, keyId, content: parseContent(kind, text) };
}

/** @throws {EscrowError} `ESCROW_SIGNATURE_INVALID`. */
export async function verifyJws(jws: string, verifier: CryptoKey): Promise<void> {
  try {
    await compactVerify(jws, verifier, { algorithms: [ALGORITHM] });
  } catch {
    throw new EscrowError("bad_signature");
  }
}

/**
 * Signs a content as what it says it is.
 *
 * @param keyId - The RFC 7638 thumbprint of the key's public part.
 */
export function signContent<Kind extends SignedKind>(
  kind: Kind,
  content: SignedContents[Kind],
  key: { readonly keyId: string; readonly privateKey: CryptoKey },
): Promise<string> {
  const payload = new TextEncoder().encode(canonicalJson(content));
  return new CompactSign(payload)
    .setProtectedHeader({ alg: ALGORITHM, kid: key.keyId, typ: TYPES[kind] })
    .sign(key.privateKey);
}

/** 64 bytes are 86 characters. */
function isSignature(rest: readonly string[]): boolean {
  const [signature = ""] = rest;
  return rest.length === 1 && isBase64Url(signature, 86);
}

function readHeader<Kind extends SignedKind>(text: string, kinds: readonly Kind[]) {
  const { kid, typ } = parseObject(text);
  const kind = kinds.find((one) => TYPES[one] === typ);
  if (kind === undefined || typeof kid !== "string" || !isBase64Url(kid, 43)) {
    throw new EscrowError("bad_header");
  }
  if (text !== headerText(kind, kid)) throw new EscrowError("bad_header");
  return { kind, keyId: kid };
}

function parseObject(text: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
