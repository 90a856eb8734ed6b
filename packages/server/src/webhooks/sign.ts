import { Webhook } from "standardwebhooks";

/**
 * The headers of a webhook. Each secret signs, so a receiver may hold either during a rotation.
 *
 * @param secrets - `whsec_…`.
 * @param at - By the system's clock, for receivers hold it against theirs.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signWebhook(
  { id, body, at }: { readonly id: string; readonly body: string; readonly at: Date },
  secrets: readonly string[],
): Record<string, string> {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}
