import { z } from "zod";
import type { ServedControlPlane } from "./control-plane.js";

export const exampleEncryptionKey = Buffer.alloc(32, 21).toString("base64url");

/** Requests as a real inbox might hold them; returns the ids of those that pages are shown of. */
export async function fillWithRequests(holdpoint: ServedControlPlane) {
  const hp = holdpoint.client({ agent: "night-shift", environment: "production" });
  const form = await hp.defer({
    service: "billing",
    action: "refund",
    priority: "high",
    payload: {
      orderId: "A-1042",
      amount: 12_500,
      currency: "EUR",
      method: "card",
      notifyCustomer: true,
      lines: [
        { sku: "LAMP-2", quantity: 1 },
        { sku: "BULB-9", quantity: 4 },
      ],
      address: { city: "Leipzig", country: "DE" },
    },
    schema: z.object({
      orderId: z.string().regex(/^A-\d+$/),
      amount: z.number().int().min(1).max(50_000).describe("In cents, up to 50000"),
      currency: z.enum(["EUR", "USD"]),
      method: z.enum(["card", "bank", "voucher"]),
      notifyCustomer: z.boolean(),
      lines: z.array(z.object({ sku: z.string(), quantity: z.number().int().min(1) })),
      address: z.object({ city: z.string(), country: z.string().length(2) }),
      note: z.string().max(200).optional(),
    }),
    role: "finance",
    runId: "run-2291",
    metadata: { ticket: "SUP-5521" },
  });
  const sql = await holdpoint.client({ agent: "db-agent", environment: "production" }).defer({
    service: "db-agent",
    action: "run_sql",
    priority: "critical",
    payload: { sql: "DROP TABLE users;", database: "production", reason: "Clean up old tables" },
  });
  await hp.defer({
    service: "mailer",
    action: "send_campaign",
    payload: { list: "all-customers", subject: "We are moving", recipients: 48_211 },
    timeoutMs: 3_600_000,
  });
  await hp.defer({
    service: "deployer",
    action: "deploy",
    priority: "low",
    payload: { service: "checkout", version: "2.4.0", canary: 0.1 },
  });
  const encrypted = await holdpoint
    .client({ agent: "treasury-bot", encryptionKey: exampleEncryptionKey })
    .defer({
      service: "treasury",
      action: "transfer",
      priority: "high",
      payload: { iban: "DE02 1203 0000 0000 2020 51", amount: 90_000, memo: "Invoice 7731" },
      schema: {
        type: "object",
        properties: {
          iban: { type: "string", title: "IBAN" },
          amount: { type: "integer", minimum: 1 },
          memo: { type: "string" },
        },
        required: ["iban", "amount"],
      },
    });
  const decided = await hp.defer({
    service: "billing",
    action: "refund",
    payload: { orderId: "A-1037", amount: 4_000 },
  });
  await holdpoint.decide(decided.id, {
    decision: "approve",
    patched_payload: { orderId: "A-1037", amount: 2_500 },
    reason: "The lamp was used.",
  });
  const rejected = await hp.defer({
    service: "mailer",
    action: "send_campaign",
    payload: { list: "press", subject: "Draft" },
  });
  await holdpoint.decide(rejected.id, { decision: "reject", reason: "Explain why this is needed" });
  const cancelled = await hp.defer({ service: "deployer", action: "rollback", payload: {} });
  await hp.requests.cancel(cancelled.id);
  return { form: form.id, sql: sql.id, encrypted: encrypted.id, decided: decided.id };
}
