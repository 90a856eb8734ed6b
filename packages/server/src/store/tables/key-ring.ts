import type { Signer, SigningPurpose } from "../../receipts/signing-key.js";
import type { Reader } from "../database.js";
import type { Vault } from "../sealing/vault.js";
import { listRows, signerOf } from "./signing-keys.js";

/**
 * How long the keys read last are taken for the current ones, in milliseconds: well within the time
 * that a key outlives its successor's arrival.
 */
const FRESH_MS = 10_000;

/** The keys that sign now, opened once. */
export interface KeyRing {
  /**
   * @param at - The time now, in milliseconds since the epoch: keys read longer ago are read again.
   *   Absent: they are in any case.
   */
  signer(reader: Reader, purpose: SigningPurpose, at?: number): Promise<Signer>;
  /** Reads the keys again before the next use. */
  forget(): void;
}

export function createKeyRing(vault: Vault): KeyRing {
  let signers = new Map<SigningPurpose, Signer>();
  let readAt = Number.NEGATIVE_INFINITY;

  async function load(reader: Reader, at: number): Promise<void> {
    const loaded = new Map<SigningPurpose, Signer>();
    for (const row of await listRows(reader)) {
      if (loaded.has(row.purpose)) continue;
      const known = signers.get(row.purpose);
      loaded.set(row.purpose, known?.kid === row.kid ? known : signerOf(vault, row));
    }
    signers = loaded;
    readAt = at;
  }

  return {
    async signer(reader, purpose, at) {
      if (at === undefined) await load(reader, readAt);
      else if (Math.abs(at - readAt) >= FRESH_MS) await load(reader, at);
      const signer = signers.get(purpose);
      if (signer === undefined) throw new TypeError(`Expected a signing key for ${purpose}.`);
      return signer;
    },
    forget() {
      readAt = Number.NEGATIVE_INFINITY;
    },
  };
}
