import {
  type DrawnKey,
  drawSigningKey,
  openSigner,
  SIGNING_PURPOSES,
  type Signer,
  type SigningKey,
  type SigningPurpose,
} from "../../receipts/signing-key.js";
import type { Database, Reader, Transaction } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { SigningKeyRow } from "../schema.js";
import type { Vault } from "../sealing/vault.js";
import type { SigningKeyStore } from "../verbs/signing-keys.js";
import type { KeyRing } from "./key-ring.js";

/** How long a key outlives its successor's arrival, and how far back that one reaches, in milliseconds. */
const OVERLAP_MS = 60_000;

export function createSigningKeyStore(
  { read, write, dialect }: Database,
  vault: Vault,
  ring: KeyRing,
): SigningKeyStore {
  async function rotate(kid: string, at: number): Promise<SigningKey | undefined> {
    // Drawn once: a mutation that is run again, after others may have seen it, makes the same key.
    const drawn = drawSigningKey();
    const rows = await write(async (transaction) => {
      await replace(transaction, kid, drawn, at);
      return listRows(transaction);
      // Also after a failure: the key may have been seen, and must not sign.
    }).finally(() => ring.forget());
    const purpose = rows.find((row) => row.kid === kid)?.purpose;
    const current = rows.find((row) => row.purpose === purpose);
    return current && toSigningKey(dialect, current);
  }

  async function replace(
    transaction: Transaction,
    kid: string,
    drawn: DrawnKey,
    at: number,
  ): Promise<void> {
    const retired = await retire(transaction, kid, at + OVERLAP_MS);
    if (retired === undefined) return;
    const { purpose, generation } = retired;
    const next = { purpose, generation: generation + 1, not_before: at - OVERLAP_MS };
    await insertKey(transaction, vault, drawn, next);
  }

  return {
    async list() {
      return (await read(listRows)).map((row) => toSigningKey(dialect, row));
    },
    rotate,
  };
}

/** Makes the first key of each purpose, unless it is there; of several at once, one does it. */
export async function ensureSigningKeys({ write }: Database, vault: Vault): Promise<void> {
  await write(async (transaction) => {
    const known = new Set((await listRows(transaction)).map(({ purpose }) => purpose));
    for (const purpose of SIGNING_PURPOSES) {
      if (known.has(purpose)) continue;
      const first = { purpose, generation: 1, not_before: null };
      await insertKey(transaction, vault, drawSigningKey(), first);
    }
  });
}

/** Opens the private part. */
export function signerOf(vault: Vault, row: SigningKeyRow): Signer {
  const { kid, public_key: publicKey, master_key_id: masterKeyId, sealed_seed: sealed } = row;
  const seed = vault.openSecret(placeOf(row), { masterKeyId, sealed });
  return openSigner({ kid, publicKey, seed });
}

/** Every key, newest first within each purpose. */
export function listRows({ db }: Reader): Promise<SigningKeyRow[]> {
  return db
    .selectFrom("signing_keys")
    .selectAll()
    .orderBy("purpose")
    .orderBy("generation", "desc")
    .execute();
}

/** Ends a key's time, once. */
async function retire({ db }: Transaction, kid: string, notAfter: number) {
  return db
    .updateTable("signing_keys")
    .set({ not_after: notAfter })
    .where("kid", "=", kid)
    .where("not_after", "is", null)
    .returning(["purpose", "generation"])
    .executeTakeFirst();
}

async function insertKey(
  { db }: Transaction,
  vault: Vault,
  drawn: DrawnKey,
  given: Pick<SigningKeyRow, "purpose" | "generation" | "not_before">,
): Promise<void> {
  const place = placeOf({ kid: drawn.kid, purpose: given.purpose });
  const { masterKeyId, sealed } = vault.sealSecret(place, drawn.seed);
  await db
    .insertInto("signing_keys")
    .values({
      ...given,
      kid: drawn.kid,
      public_key: drawn.publicKey,
      not_after: null,
      master_key_id: masterKeyId,
      sealed_seed: sealed,
    })
    .onConflict((conflict) => conflict.columns(["purpose", "generation"]).doNothing())
    .execute();
}

function placeOf({ kid, purpose }: { kid: string; purpose: SigningPurpose }): readonly string[] {
  return ["signing_keys", purpose, kid];
}

function toSigningKey(dialect: Dialect, row: SigningKeyRow): SigningKey {
  const { not_before: notBefore, not_after: notAfter } = row;
  return {
    kid: row.kid,
    purpose: row.purpose,
    publicKey: row.public_key,
    ...(notBefore !== null && { notBefore: dialect.decodeInteger(notBefore) }),
    ...(notAfter !== null && { notAfter: dialect.decodeInteger(notAfter) }),
  };
}
