import { createHmac, timingSafeEqual } from "node:crypto";

/** How long a nonce is given out, in milliseconds; it is taken for as long again. */
const BUCKET_MS = 60_000;

/** Nonces for proofs (RFC 9449 §8), of which nothing is kept: all replicas make the same. */
export interface ProofNonces {
  current(now: number): string;
  accepts(nonce: unknown, now: number): boolean;
}

/** @param key - 32 bytes that only this server and its replicas have. */
export function createProofNonces(key: Uint8Array): ProofNonces {
  const nonceOf = (bucket: number) =>
    createHmac("sha256", key).update(String(bucket)).digest("base64url");
  const bucketOf = (now: number) => Math.floor(now / BUCKET_MS);
  return {
    current: (now) => nonceOf(bucketOf(now)),
    accepts(nonce, now) {
      if (typeof nonce !== "string") return false;
      const bucket = bucketOf(now);
      return [bucket, bucket - 1].some((given) => isEqual(nonce, nonceOf(given)));
    },
  };
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
