import { hkdfSync, randomBytes } from "node:crypto";
import { fromUUIDBytes } from "typeid-js";

const SECRET_BYTES = 32;
const ID_BYTES = 16;

/**
 * Where what a call makes gets its time, its ids and its secrets. Made of the seed of an idempotency
 * key, it gives the same each time: a call that died half-way is run again and makes nothing twice.
 */
export interface Mint {
  /** When it is made. Milliseconds since the epoch, UTC. */
  readonly now: number;
  /** A TypeID; one of each prefix. */
  id(prefix: string): string;
  /** 32 bytes nobody can guess; one of each purpose. */
  secret(purpose: string): Uint8Array;
}

/** For a call that will not be run again. */
export function randomMint(now: number): Mint {
  return seededMint(randomBytes(SECRET_BYTES), now);
}

/** @param seed - 32 random bytes, kept as secret as what is made of them. */
export function seededMint(seed: Uint8Array, now: number): Mint {
  const derive = (kind: string, name: string, bytes: number) =>
    new Uint8Array(hkdfSync("sha256", seed, "", `holdpoint.mint.v1 ${kind} ${name}`, bytes));
  return {
    now,
    id: (prefix) => fromUUIDBytes(prefix, uuidOf(now, derive("id", prefix, ID_BYTES))),
    secret: (purpose) => derive("secret", purpose, SECRET_BYTES),
  };
}

/** @see RFC 9562 §5.7 (UUID version 7) */
function uuidOf(now: number, random: Uint8Array): Uint8Array {
  const bytes = Buffer.from(random);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes;
}
