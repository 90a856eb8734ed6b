import { createPublicKey, hash, type KeyObject, verify } from "node:crypto";
import type { PublicP256Jwk } from "@holdpoint/protocol/gate";
import { LruCache } from "../domain/lru-cache.js";
import type { Jws } from "./jws.js";

/** A public P-256 key, ready to verify with. */
export interface P256Key {
  readonly jwk: PublicP256Jwk;
  /** RFC 7638, SHA-256, base64url. */
  readonly thumbprint: string;
  readonly key: KeyObject;
}

/** Members that only a private or a shared key has (RFC 7518 §6). */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const COORDINATE_BYTES = 32;
/** Importing a key takes as long as verifying with it. A key and its names are about 1 kB. */
const imported = new LruCache<P256Key>(4_096);

/**
 * Opens a JWK. It is looked at each time; only the import is remembered.
 *
 * @returns `undefined` for anything but the public part of a P-256 key, in its one spelling.
 */
export function openP256(value: unknown): P256Key | undefined {
  if (!isPublicP256(value)) return undefined;
  const { x, y } = value;
  const name = `${x}.${y}`;
  const known = imported.get(name) ?? importP256({ kty: "EC", crv: "P-256", x, y });
  if (known !== undefined) imported.set(name, known);
  return known;
}

/** Whether ES256 by this key signs it (RFC 7518 §3.4). */
export function signsEs256({ key }: P256Key, { signed, signature }: Jws): boolean {
  return verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, signature);
}

function isPublicP256(value: unknown): value is PublicP256Jwk {
  if (typeof value !== "object" || value === null) return false;
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(value, member))) return false;
  const { kty, crv, x, y } = value as Partial<Record<string, unknown>>;
  return kty === "EC" && crv === "P-256" && isCoordinate(x) && isCoordinate(y);
}

/** Spelled otherwise, the same key would have a second thumbprint. */
function isCoordinate(value: unknown): value is string {
  if (typeof value !== "string") return false;
  const bytes = Buffer.from(value, "base64url");
  return bytes.length === COORDINATE_BYTES && bytes.toString("base64url") === value;
}

function importP256(jwk: PublicP256Jwk): P256Key | undefined {
  try {
    const { crv, kty, x, y } = jwk;
    const key = createPublicKey({ key: { crv, kty, x, y }, format: "jwk" });
    return {
      jwk,
      thumbprint: hash("sha256", JSON.stringify({ crv, kty, x, y }), "base64url"),
      key,
    };
  } catch {
    // No point of the curve.
    return undefined;
  }
}
