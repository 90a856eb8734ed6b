import type { EnvelopeField, JsonValue } from "@holdpoint/protocol";
import type { EnvelopeKey } from "@holdpoint/protocol/envelope";
import { DecryptionError, EncryptionError } from "../errors/encryption.js";

/**
 * The client's side of end-to-end encryption. Without keys it seals nothing and refuses
 * ciphertext; with keys it seals everything and refuses plaintext.
 *
 * The cryptography is loaded with the first use, so that clients without keys never pay for it.
 */
export class Cipher {
  readonly #projectId: string;
  readonly #keyTexts: readonly string[];
  #keys: Promise<readonly EnvelopeKey[]> | undefined;

  constructor(projectId: string, keyTexts: readonly string[]) {
    this.#projectId = projectId;
    this.#keyTexts = keyTexts;
  }

  get enabled(): boolean {
    return this.#keyTexts.length > 0;
  }

  /**
   * Encrypts with the first key.
   *
   * @param requestId - With the field `record`, the record's key.
   */
  async seal(value: JsonValue, requestId: string, field: EnvelopeField): Promise<JsonValue> {
    try {
      const { sealEnvelope } = await import("@holdpoint/protocol/envelope");
      const [key] = await this.#loadKeys();
      const binding = { projectId: this.#projectId, requestId, field };
      return { ...(await sealEnvelope(value, binding, key as EnvelopeKey)) };
    } catch (cause) {
      throw new EncryptionError({
        code: "ENCRYPTION_FAILED",
        message: `Cannot encrypt the ${field}. Nothing was sent. This runtime needs WebCrypto with AES-GCM.`,
        requestId: field === "record" ? undefined : requestId,
        cause,
      });
    }
  }

  /** The clear value of a field: decrypted where the request is encrypted, refused where that is broken. */
  async open(
    { id, encrypted }: { readonly id: string; readonly encrypted: boolean },
    value: unknown,
    field: EnvelopeField,
  ): Promise<JsonValue> {
    if (!encrypted && !this.enabled) return value as JsonValue;
    if (!encrypted) throw refuse("PLAINTEXT_REFUSED", id, field, "is plaintext, but a key is set");
    if (this.enabled) return this.#open(id, value, field);
    throw refuse("DECRYPTION_KEY_MISSING", id, field, "is encrypted, but no key is set");
  }

  async #open(requestId: string, value: unknown, field: EnvelopeField): Promise<JsonValue> {
    const { EnvelopeOpenError, openEnvelope } = await import("@holdpoint/protocol/envelope");
    try {
      const binding = { projectId: this.#projectId, requestId, field };
      return await openEnvelope(value, binding, await this.#loadKeys());
    } catch (error) {
      const fault = error instanceof EnvelopeOpenError ? error.fault : "no_cryptography";
      const code = fault === "unknown_key" ? "DECRYPTION_KEY_MISSING" : "DECRYPTION_FAILED";
      throw refuse(code, requestId, field, `does not open with the keys set (${fault})`);
    }
  }

  #loadKeys(): Promise<readonly EnvelopeKey[]> {
    this.#keys ??= import("@holdpoint/protocol/envelope").then(({ importEnvelopeKey }) =>
      Promise.all(this.#keyTexts.map(importEnvelopeKey)),
    );
    return this.#keys;
  }
}

function refuse(
  code: "PLAINTEXT_REFUSED" | "DECRYPTION_KEY_MISSING" | "DECRYPTION_FAILED",
  requestId: string,
  field: EnvelopeField,
  fault: string,
): DecryptionError {
  const isRecord = field === "record";
  const advice = isRecord ? "Use nothing of it" : "Treat it as not approved";
  const message = `The ${field} of ${requestId} ${fault}. ${advice}. Check HOLDPOINT_ENCRYPTION_KEY.`;
  return new DecryptionError({ code, message, requestId: isRecord ? undefined : requestId });
}
