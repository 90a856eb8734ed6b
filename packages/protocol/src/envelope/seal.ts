import { FlattenedEncrypt } from "jose";
import type { JsonValue } from "../json.js";
import type { EnvelopeKey } from "./key.js";
import { bindingText, type Envelope, type EnvelopeBinding } from "./shape.js";

const encoder = new TextEncoder();

/**
 * Encrypts a JSON value for one field of one request of one project.
 *
 * The 96-bit IV is random per call (RFC 7518 §5.3), which bounds one key to 2³² envelopes
 * (NIST SP 800-38D §8.3); rotate long before.
 *
 * @throws {TypeError} when `value` is not JSON, such as `undefined` or a function.
 */
export async function sealEnvelope(
  value: JsonValue,
  binding: EnvelopeBinding,
  key: EnvelopeKey,
): Promise<Envelope> {
  // Not for the compiler but for callers without one: `undefined` would be sealed as no bytes.
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`Expected a JSON value, got ${typeof value}.`);
  const sealed = await new FlattenedEncrypt(encoder.encode(text))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: key.keyId })
    .setAdditionalAuthenticatedData(encoder.encode(bindingText(binding)))
    .encrypt(key.secret);
  const { protected: header, aad, iv, ciphertext, tag } = sealed as unknown as Envelope;
  return { protected: header, aad, iv, ciphertext, tag };
}
