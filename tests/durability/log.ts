import { createHash } from "node:crypto";

/** The leaf of a receipt: RFC 6962 §2.1 over the SHA-256 of its text. */
export function leafOf(jws: string): Buffer {
  return hash(Buffer.of(0), hash(Buffer.from(jws, "ascii")));
}

/**
 * Holds a checkpoint against the leaves of a log. Written word for word after RFC 6962 §2.1, apart
 * from the code it checks.
 */
export function checkpointAt(
  checkpoint: string,
  leaves: readonly Buffer[],
): { readonly size: number; readonly isPrefix: boolean } {
  const [, size = "", root = ""] = checkpoint.split("\n");
  const isPrefix =
    /^\d+$/.test(size) &&
    Number(size) <= leaves.length &&
    rootOf(leaves.slice(0, Number(size))).toString("base64") === root;
  return { size: Number(size), isPrefix };
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return hash();
  if (leaves.length === 1) return first;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return hash(Buffer.of(1), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

function hash(...parts: readonly Buffer[]): Buffer {
  const sha256 = createHash("sha256");
  for (const part of parts) sha256.update(part);
  return sha256.digest();
}
