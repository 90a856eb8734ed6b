import type { Context } from "../../context.js";
import { assertFound } from "../../domain/found.js";
import type { SigningKey, SigningPurpose } from "../../receipts/signing-key.js";

/**
 * Puts a new key in the place of this one, unless that has happened, and signs the log's head anew
 * where the key was the log's.
 *
 * @returns The key that signs now.
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`: there is no such key.
 */
export async function rotateSigningKey(context: Context, kid: string): Promise<SigningKey> {
  const { store, clock, sequencer } = context;
  const key = assertFound(await store.signingKeys.rotate(kid, clock.now()), "a signing key");
  await sequencer.flush();
  return key;
}

/** The same for the key that signs now for a purpose. */
export async function rotateCurrentKey(
  context: Context,
  purpose: SigningPurpose,
): Promise<SigningKey> {
  const keys = await context.store.signingKeys.list();
  const current = keys.find((key) => key.purpose === purpose);
  return rotateSigningKey(context, assertFound(current, "a signing key").kid);
}
