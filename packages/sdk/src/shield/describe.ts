import {
  canonicalJson,
  findSensitive,
  hashSkeleton,
  type JsonValue,
  LIMITS,
  type SensitiveKind,
} from "@holdpoint/protocol";
import type { CryptoKey } from "jose";
import type { ResolvedOptions } from "../options.js";

type Shield = ResolvedOptions["shield"];

/** What the shield is told of arguments, as it travels beside them. None of it is a value. */
export interface ShieldClaims {
  readonly skeleton_hash: string;
  readonly fingerprint: string | undefined;
  readonly sensitive: readonly SensitiveKind[] | undefined;
}

/** Tells of arguments what the control plane may know of them, whether or not it can read them. */
export async function describePayload(payload: JsonValue, shield: Shield): Promise<ShieldClaims> {
  const [skeletonHash, fingerprint] = await Promise.all([
    hashSkeleton(payload, shield),
    fingerprintOf(payload),
  ]);
  return { skeleton_hash: skeletonHash, fingerprint, sensitive: sensitiveIn(payload, shield) };
}

/** What of the kinds looked for was found; `undefined` where nothing was, or nobody wants it. */
export function sensitiveIn(
  payload: JsonValue,
  { sensitive }: Shield,
): readonly SensitiveKind[] | undefined {
  const found = sensitive ? findSensitive(payload) : [];
  return found.length > 0 ? found : undefined;
}

let processKey: Promise<CryptoKey> | undefined;

/**
 * HMAC-SHA-256 of the canonical JSON, under a key that is random in every process and that nobody can
 * read: equal for equal arguments, and of no use for finding out by trying what they are.
 *
 * @returns 32 hex digits; `undefined` for what has no canonical JSON, half a surrogate pair.
 */
export async function fingerprintOf(payload: JsonValue): Promise<string | undefined> {
  try {
    const bytes = new TextEncoder().encode(canonicalJson(payload));
    processKey ??= createKey();
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", await processKey, bytes));
    const kept = mac.subarray(0, LIMITS.fingerprintDigits / 2);
    return Array.from(kept, (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return undefined;
  }
}

async function createKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}
