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

/**
 * Of what an agent asks, to know it again. What it tells the shield beside it is left out: a
 * fingerprint is another one in every process, and the same intent stays the same.
 */
export function digestOfIntent(
  input: object & { readonly fingerprint?: unknown; readonly sensitive?: unknown },
): string {
  const { fingerprint, sensitive, ...asked } = input;
  return digestOf(asked);
}
