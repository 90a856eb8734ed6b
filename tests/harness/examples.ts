import type { HoldpointOptions } from "@holdpoint/sdk";
import { z } from "zod";
import type { ServedControlPlane } from "./control-plane.js";

export const exampleEncryptionKey = Buffer.alloc(32, 21).toString("base64url");

/**
 * Requests as a real inbox might hold them; returns the ids of those that pages are shown of.
 *
 * @param pass - Called between requests, for a clock that lets time go by.
 */
export async function fillWithRequests(
  holdpoint: ServedControlPlane,
  pass: (minutes: number) => void = () => {},
) {
  const clientOf = async (agent: string, options: HoldpointOptions = {}) => {
    const { apiKey } = await holdpoint.plane.admin.createApiKey(holdpoint.projectId, { agent });
    return holdpoint.client({ apiKey, environment: "production", ...options });
  };
  const support = await clientOf("support-agent", { agent: "night shift" });
  const deployer = await clientOf("release-agent");
  const decided = await support.defer({
    service: "billing",
    action: "refund",
    payload: { orderId: "A-1037", amount: 4_000 },
  });
  pass(9);
  await holdpoint.decide(decided.id, {
    decision: "approve",
    patched_payload: { orderId: "A-1037", amount: 2_500 },
    reason: "The lamp was used.",
  });
  const approved = await support.wait(decided.id);
  if (approved.approved) {
    const execution = await support.executions.claim(approved);
    await support.executions.commit(execution, { refundId: "re_1037", amount: 2_500 });
  }
  const rejected = await support.defer({
    service: "mailer",
    action: "send_campaign",
    payload: { list: "press", subject: "Draft" },
  });
  pass(4);
  await holdpoint.decide(rejected.id, { decision: "reject", reason: "Explain why this is needed" });
  const cancelled = await deployer.defer({
    service: "checkout",
    action: "rollback",
    payload: { to: "2.3.9" },
  });
  await deployer.requests.cancel(cancelled.id);
  pass(16);
  await deployer.defer({
    service: "checkout",
    action: "deploy",
    priority: "low",
    payload: { version: "2.4.0", canary: 0.1 },
  });
  pass(7);
  await support.defer({
    service: "mailer",
    action: "send_campaign",
    payload: { list: "all-customers", subject: "We are moving", recipients: 48_211 },
    timeoutMs: 3_600_000,
  });
  pass(3);
  const treasury = await clientOf("treasury-agent", { encryptionKey: exampleEncryptionKey });
  const encrypted = await treasury.defer({
    service: "treasury",
    action: "transfer",
    priority: "high",
    payload: { iban: "DE02 1203 0000 0000 2020 51", amount: 90_000, memo: "Invoice 7731" },
    schema: {
      type: "object",
      properties: {
        iban: { type: "string", title: "IBAN" },
        amount: { type: "integer", minimum: 1, description: "In cents" },
        memo: { type: "string" },
      },
      required: ["iban", "amount"],
    },
  });
  pass(2);
  const form = await support.defer({
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
  pass(5);
  const database = await clientOf("db-agent");
  const sql = await database.defer({
    service: "postgres",
    action: "run_sql",
    priority: "critical",
    payload: { sql: "DROP TABLE users;", database: "production", reason: "Clean up old tables" },
  });
  return { form: form.id, sql: sql.id, encrypted: encrypted.id, decided: decided.id };
}

/** Sends every event to `url`. */
export async function addWebhook(holdpoint: ServedControlPlane, url: string): Promise<void> {
  const body = JSON.stringify({ url, description: "Wakes the support agent" });
  const response = await holdpoint.operate("/v1/webhook-endpoints", { method: "POST", body });
  if (!response.ok) throw new Error(`No webhook was made: ${await response.text()}`);
}
