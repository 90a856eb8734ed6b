import { Webhook } from "standardwebhooks";
import { ConfigurationError } from "../core.js";
import type { WebhookSecrets } from "./options.js";

const SECRET_FORM = /^whsec_[A-Za-z0-9+/]{16,}={0,2}$/;

/**
 * A verifier per secret.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`. Nothing of a secret is repeated.
 */
export function readSecrets(given: WebhookSecrets | undefined): readonly Webhook[] {
  // Not `??`: a null that should have been a secret is refused below.
  const input = given === undefined ? globalThis.process?.env.HOLDPOINT_WEBHOOK_SECRET : given;
  const secrets = typeof input === "string" ? input.split(",") : [...(input ?? [])];
  if (secrets.length > 0 && secrets.every((secret) => SECRET_FORM.test(String(secret).trim()))) {
    return secrets.map((secret) => new Webhook(secret.trim()));
  }
  throw new ConfigurationError({
    code: "CONFIGURATION_INVALID",
    message:
      "Expected the webhook endpoint's secret (whsec_…), or several, got something else. Set HOLDPOINT_WEBHOOK_SECRET or pass it; the dashboard shows it once, when the endpoint is made or its secret rotated.",
  });
}
