import type { ErrorCode } from "@holdpoint/protocol";
import type { Webhook } from "standardwebhooks";
import { WebhookVerificationError } from "../core.js";
import type { WebhookHeaders } from "./options.js";

/** A webhook that was signed by one of the secrets. */
export interface VerifiedWebhook {
  readonly id: string;
  readonly text: string;
}

const NAMES = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;
const TIMESTAMP_FORM = /^\d{1,12}$/;

/**
 * Holds a webhook against the secrets, by the library of Standard Webhooks: in constant time, and
 * within five minutes of this clock.
 *
 * @throws {WebhookVerificationError}
 */
export function verifyWebhook(
  rawBody: unknown,
  headers: WebhookHeaders,
  verifiers: readonly Webhook[],
): VerifiedWebhook {
  const text = readText(rawBody);
  const signed = readHeaders(headers);
  const faults = verifiers.map((verifier) => faultOf(verifier, text, signed));
  if (faults.includes(undefined)) return { id: signed["webhook-id"], text };
  if (faults[0] === "timestamp") {
    throw refuse(
      "WEBHOOK_TIMESTAMP_INVALID",
      "Expected a webhook sent within five minutes of this machine's clock, got an older or a later one. Check the clock; a captured webhook is refused so too.",
    );
  }
  throw refuse(
    "WEBHOOK_SIGNATURE_INVALID",
    "Expected a webhook signed with a secret given, got another. Check that the secret is this endpoint's, and that the body is passed byte for byte as it came.",
  );
}

function faultOf(
  verifier: Webhook,
  text: string,
  headers: Record<string, string>,
): "timestamp" | "signature" | undefined {
  try {
    verifier.verify(text, headers, { jsonParse: false });
    return undefined;
  } catch (error) {
    return /timestamp/.test(String(error)) ? "timestamp" : "signature";
  }
}

/** The signature is over bytes; they have to be UTF-8 to say anything, and nothing may be lost. */
function readText(rawBody: unknown): string {
  if (typeof rawBody === "string") return rawBody;
  if (!ArrayBuffer.isView(rawBody) && !(rawBody instanceof ArrayBuffer)) {
    throw refuse(
      "WEBHOOK_MALFORMED",
      'Expected the raw body as text or bytes, got something parsed from it, which can no longer be verified. Read it with `await request.text()`, or with `express.raw({ type: "application/json" })`.',
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      rawBody as Uint8Array<ArrayBuffer>,
    );
  } catch {
    throw refuse("WEBHOOK_MALFORMED", "Expected a body in UTF-8, got other bytes.");
  }
}

type SignedHeaders = Record<(typeof NAMES)[number], string>;

function readHeaders(headers: WebhookHeaders): SignedHeaders {
  const values = NAMES.map((name) => [name, readHeader(headers, name)] as const);
  const missing = values.filter(([, value]) => !value).map(([name]) => name);
  if (missing.length > 0) {
    throw refuse(
      "WEBHOOK_SIGNATURE_INVALID",
      `Expected the headers of Standard Webhooks, got none called ${missing.join(", ")}. Pass all headers as they came.`,
    );
  }
  const signed = Object.fromEntries(values) as SignedHeaders;
  if (TIMESTAMP_FORM.test(signed["webhook-timestamp"])) return signed;
  throw refuse(
    "WEBHOOK_TIMESTAMP_INVALID",
    "Expected webhook-timestamp as seconds since 1970, got something else.",
  );
}

function readHeader(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === "function") return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === "string" ? found : undefined;
}

export function refuse(
  code: Extract<ErrorCode, `WEBHOOK_${string}`>,
  message: string,
): WebhookVerificationError {
  return new WebhookVerificationError({ code, message });
}
