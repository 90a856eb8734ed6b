import type { SigningKey } from "../../receipts/signing-key.js";

/** The keys that sign receipts, checkpoints and leases. The first of each purpose is there from the start. */
export interface SigningKeyStore {
  /** Every key there ever was, newest first within each purpose. */
  list(): Promise<readonly SigningKey[]>;
  /**
   * Puts a new key in the place of this one, which stays valid for a minute after `at`: other
   * replicas may sign with it for a moment. Of several at once, one does it.
   *
   * @returns The key that signs now; `undefined`: there is no key `kid`.
   */
  rotate(kid: string, at: number): Promise<SigningKey | undefined>;
}
