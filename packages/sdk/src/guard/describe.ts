import type { JsonObject } from "@holdpoint/protocol";
import type { ClientParts } from "../late.js";

const NAME_LENGTH = 100;
const MESSAGE_LENGTH = 2_000;

/**
 * What is recorded of an error: its name, message and code, bounded, with what looks like a
 * credential taken out. Stack and cause stay here.
 */
export function describeError(error: unknown, { options }: ClientParts): JsonObject {
  const { name, message, code } = Object(error) as Record<string, unknown>;
  const secrets = [options.apiKey, ...options.encryptionKeys];
  const redact = (value: string, length: number) =>
    secrets
      .reduce((text, secret) => text.replaceAll(secret, "[secret]"), value)
      .replace(/\b(Bearer|Basic)\s+[^\s"',;]+/gi, "$1 [secret]")
      .replace(/:\/\/[^\s/@]+@/g, "://[secret]@")
      .slice(0, length)
      // Also what the cut has left of a pair: half of one has no UTF-8.
      .replace(/\p{Surrogate}/gu, "\ufffd");
  return {
    name: redact(typeof name === "string" ? name : "Error", NAME_LENGTH),
    message: redact(typeof message === "string" ? message : "No message.", MESSAGE_LENGTH),
    ...(typeof code === "string" && { code: redact(code, NAME_LENGTH) }),
  };
}
