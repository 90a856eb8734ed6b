import { createHmac } from "node:crypto";
import { MasterKeyError } from "../errors.js";

const KEY_BYTES = 32;

/** A key that wraps data keys. `id` names it in the database and says nothing about it. */
export interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Reads a master key written as base64url.
 *
 * @throws {MasterKeyError} `MASTER_KEY_INVALID`: not exactly 32 bytes.
 */
export function parseMasterKey(text: string): MasterKey {
  const key = Buffer.from(text, "base64url");
  if (!/^[A-Za-z0-9_-]{43}=?$/.test(text) || key.length !== KEY_BYTES) {
    throw new MasterKeyError({
      code: "MASTER_KEY_INVALID",
      message: `Expected a master key of ${KEY_BYTES} random bytes as base64url (43 characters), got ${text.length} characters. Make one with: openssl rand -base64 32 | tr '+/' '-_' | tr -d '='`,
    });
  }
  const id = createHmac("sha256", key).update("holdpoint.master-key-id.v1").digest("hex");
  return { id: id.slice(0, 16), key };
}

/**
 * What names a master key in a database and in a backup. It says nothing about the key.
 *
 * @throws {MasterKeyError} `MASTER_KEY_INVALID`
 */
export function masterKeyIdOf(text: string): string {
  return parseMasterKey(text).id;
}
