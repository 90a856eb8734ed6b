import { randomBytes } from "node:crypto";
import type { WireWebhookEvent } from "@holdpoint/protocol";
import { formatApiKey } from "@holdpoint/protocol";
import { Holdpoint } from "@holdpoint/sdk";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { typeidUnboxed } from "typeid-js";
import { writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const ROUNDS = 9;
const CALLS = 2_000;

type Verify = (body: string, headers: Record<string, string>) => unknown;

/** What it costs a receiver to check one webhook, beside the public libraries for the same scheme. */
export async function measureWebhooks(): Promise<void> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const apiKey = formatApiKey(typeidUnboxed("prj"), randomBytes(32).toString("base64url"));
  const { webhooks } = new Holdpoint({ apiKey });
  const standard = new StandardWebhook(secret);
  const svix = new SvixWebhook(secret);
  const verifiers: Readonly<Record<string, Verify>> = {
    holdpoint: (body, headers) => webhooks.unwrap(body, headers, secret),
    standardwebhooks: (body, headers) => standard.verify(body, headers),
    svix: (body, headers) => svix.verify(body, headers),
  };
  const body = JSON.stringify(testEvent());
  const headers = signed(standard, body);
  const microseconds: Record<string, number[]> = { holdpoint: [], standardwebhooks: [], svix: [] };
  for (const verify of Object.values(verifiers)) await measure(verify, body, headers);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, verify] of Object.entries(verifiers)) {
      microseconds[name]?.push(await measure(verify, body, headers));
    }
  }
  const median = (name: string) => quantile(microseconds[name] ?? [], 0.5);
  await writeResult({
    name: "webhooks",
    about: `A webhook of ${body.length} bytes is verified and read, one at a time. \`unwrap\` of the SDK does what the public libraries do, and checks and maps the event besides. ${ROUNDS} rounds of ${CALLS} in turns; medians.`,
    rows: [
      { figure: "hp.webhooks.unwrap", value: `${round(median("holdpoint"))} µs` },
      { figure: "standardwebhooks", value: `${round(median("standardwebhooks"))} µs` },
      { figure: "svix", value: `${round(median("svix"))} µs` },
      {
        figure: "unwrap ÷ standardwebhooks",
        value: `${round(median("holdpoint") / median("standardwebhooks"))} ×`,
      },
      { figure: "unwrap ÷ svix", value: `${round(median("holdpoint") / median("svix"))} ×` },
    ],
  });
}

function testEvent(): WireWebhookEvent {
  return { type: "webhook.test", timestamp: new Date().toISOString(), data: {} };
}

function signed(signer: StandardWebhook, body: string): Record<string, string> {
  const id = typeidUnboxed("evt");
  const at = new Date();
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": signer.sign(id, at, body),
  };
}

async function measure(
  verify: Verify,
  body: string,
  headers: Record<string, string>,
): Promise<number> {
  const started = performance.now();
  for (let call = 0; call < CALLS; call++) await verify(body, headers);
  return ((performance.now() - started) * 1_000) / CALLS;
}
