import { HoldpointError } from "./base.js";

/** The key is not usable (`ENCRYPTION_KEY_INVALID`) or sealing failed. Nothing was sent. */
export class EncryptionError extends HoldpointError {
  static override readonly kind: string = "EncryptionError";
}

/**
 * Ciphertext did not open with the loaded keys, or plaintext came where ciphertext is due.
 * Treat it as not approved; check the keys.
 */
export class DecryptionError extends HoldpointError {
  static override readonly kind: string = "DecryptionError";
}
