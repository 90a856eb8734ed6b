import { compactVerify } from "jose";
import { isBase64Url } from "../envelope/shape.js";
import { canonicalJson, isJsonObject } from "../json.js";
import type { WireReceiptContent } from "../wire.js";
import { decodeBase64Url, decodeUtf8 } from "./bytes.js";
import { parseReceiptContent } from "./content.js";
import { ReceiptError } from "./error.js";
import type { ReceiptKey, TrustedKeys } from "./keys.js";

/** The `typ` of a receipt's JWS (RFC 7515 §4.1.9). */
export const RECEIPT_TYPE = "holdpoint-receipt+jws";
/** The `alg` of a receipt's JWS (RFC 8037 §3.1), always with Ed25519. */
export const RECEIPT_ALGORITHM = "EdDSA";

export interface SignedReceipt {
  readonly content: WireReceiptContent;
  readonly keyId: string;
}

/** Longer ones are nobody's: a receipt has about a thousand characters. */
const MAX_LENGTH = 65_536;

/**
 * Verifies a receipt's signature, and only then reads what was signed.
 *
 * @throws {ReceiptError} `RECEIPT_MALFORMED`, `RECEIPT_KEY_UNKNOWN`, `RECEIPT_SIGNATURE_INVALID` or
 *   `RECEIPT_KEY_RETIRED`.
 */
export async function verifySignature(jws: string, keys: TrustedKeys): Promise<SignedReceipt> {
  const { keyId } = parseHeader(jws);
  const key = keys.receipts.get(keyId);
  if (key === undefined) throw new ReceiptError("unknown_key");
  const payload = await openJws(jws, key);
  const text = decodeUtf8(payload);
  if (text === undefined) throw new ReceiptError("not_canonical");
  const content = parseReceiptContent(text);
  if (key.notAfterMs !== undefined && Date.parse(content.at) > key.notAfterMs) {
    throw new ReceiptError("retired_key");
  }
  return { content, keyId };
}

/** The header is compared as text, so nothing can be slipped into it: no other `alg`, no `crit`. */
function parseHeader(jws: string): { readonly keyId: string } {
  const [first = "", ...rest] = jws.length <= MAX_LENGTH ? jws.split(".") : [];
  const header = decodeBase64Url(first);
  if (header === undefined || rest.length !== 2 || !rest.every((part) => isBase64Url(part))) {
    throw new ReceiptError("not_a_jws");
  }
  const text = decodeUtf8(header) ?? "";
  const keyId = keyIdOf(text);
  const expected = { alg: RECEIPT_ALGORITHM, kid: keyId, typ: RECEIPT_TYPE };
  if (keyId === undefined || text !== canonicalJson(expected)) throw new ReceiptError("bad_header");
  return { keyId };
}

function keyIdOf(headerText: string): string | undefined {
  try {
    const header: unknown = JSON.parse(headerText);
    return isJsonObject(header) && typeof header.kid === "string" ? header.kid : undefined;
  } catch {
    return undefined;
  }
}

async function openJws(jws: string, key: ReceiptKey): Promise<Uint8Array> {
  try {
    const options = { algorithms: [RECEIPT_ALGORITHM] };
    return (await compactVerify(jws, key.verifier, options)).payload;
  } catch {
    throw new ReceiptError("bad_signature");
  }
}
