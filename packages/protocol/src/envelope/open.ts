import { flattenedDecrypt } from "jose";
import type { JsonValue } from "../json.js";
import type { EnvelopeKey } from "./key.js";
import {
  type Envelope,
  type EnvelopeBinding,
  type EnvelopeFault,
  inspectEnvelope,
} from "./shape.js";

/** Why an envelope did not open. Fixed words, so that nothing secret can slip into a message. */
export type OpenFault = EnvelopeFault | "unknown_key" | "not_authentic";

export class EnvelopeOpenError extends Error {
  override readonly name = "EnvelopeOpenError" as const;
  readonly fault: OpenFault;

  constructor(fault: OpenFault) {
    super(`The envelope did not open: ${fault}.`);
    this.fault = fault;
  }
}

/**
 * Decrypts an envelope, checking that it was made for exactly this field of this request.
 *
 * @param keys - All keys loaded for reading; the envelope's `kid` picks one.
 * @throws {EnvelopeOpenError} with `fault` `unknown_key` (none of `keys` fits), `bad_binding`
 *   (made for another request, project or field), `not_authentic` (changed, or another key with
 *   the same id), or a shape fault. Never treat any of them as an approval.
 */
export async function openEnvelope(
  value: unknown,
  binding: EnvelopeBinding,
  keys: readonly EnvelopeKey[],
): Promise<JsonValue> {
  const inspected = inspectEnvelope(value, binding);
  if (!inspected.ok) throw new EnvelopeOpenError(inspected.fault);
  const key = keys.find(({ keyId }) => keyId === inspected.keyId);
  if (key === undefined) throw new EnvelopeOpenError("unknown_key");
  try {
    const { plaintext } = await flattenedDecrypt({ ...(value as Envelope) }, key.secret, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plaintext)) as JsonValue;
  } catch {
    throw new EnvelopeOpenError("not_authentic");
  }
}
