import { createHash } from "node:crypto";
import { canonicalJson } from "@holdpoint/protocol";

/**
 * SHA-256 of a value's canonical JSON, as hex. The same as protocol's `digestJson`, in one step:
 * WebCrypto hands each digest to another thread, which costs more than the digest.
 */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** The same as it stands on the wire and in receipts: `sha256:<hex>`. */
export function digestTextOf(value: unknown): string {
  return `sha256:${digestOf(value)}`;
}
