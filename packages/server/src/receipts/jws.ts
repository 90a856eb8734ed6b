import type { WireReceiptContent } from "@holdpoint/protocol";
import { writeContent } from "./content.js";
import type { Signer } from "./signing-key.js";

/** The `typ` of a receipt, so that nothing else signed with the key passes for one. */
const RECEIPT_TYPE = "holdpoint-receipt+jws";

/**
 * A receipt as JWS in compact form. Put together here rather than by jose, which signs in promises:
 * inside a transaction nothing is awaited but its own queries. The tests verify it with jose.
 *
 * @see RFC 7515 §3.1, RFC 8037 §3.1 (EdDSA), RFC 8785 (the payload's form)
 */
export function signReceipt(signer: Signer, content: WireReceiptContent): string {
  const header = `{"alg":"EdDSA","kid":"${signer.kid}","typ":"${RECEIPT_TYPE}"}`;
  const signed = `${encode(header)}.${encode(writeContent(content))}`;
  return `${signed}.${signer.sign(Buffer.from(signed, "ascii")).toString("base64url")}`;
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}
