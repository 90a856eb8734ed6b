// Process B: a webhook wakes it, on any machine. It remembers, acts once, and finishes. Killed at
// any step and started again, it goes on with the next delivery as if nothing had happened.

import type { RequestResolvedEvent } from "@holdpoint/sdk";
import { serve } from "@hono/node-server";
import { sendMail } from "./bank.js";
import { holdpoint, type Memory, question, refund } from "./refund.js";
import { step } from "./step.js";

const handle = holdpoint.webhooks.handler({
  // HOLDPOINT_WEBHOOK_SECRET
  on: { "request.approved": goOn, "request.rejected": apologise },
});

serve({ fetch: handle, port: Number(process.env.PORT ?? 4850), hostname: "127.0.0.1" }, () =>
  console.log("ready"),
);

async function goOn(event: RequestResolvedEvent): Promise<void> {
  if (event.request.action !== question.action) return;
  step("woken");
  const memory = await remember(event);
  step("remembered");
  const { amountMinor } = await refund(memory.refund);
  step("settled");
  const amount = (amountMinor / 100).toFixed(2);
  await sendMail(event.request.id, `Dear ${memory.customer}, we have refunded ${amount}.`);
  step("finished");
}

async function apologise(event: RequestResolvedEvent): Promise<void> {
  const { customer } = await remember(event);
  await sendMail(event.request.id, `Dear ${customer}, we cannot refund this.`);
  step("finished");
}

async function remember(event: RequestResolvedEvent): Promise<Memory> {
  const state = await event.loadState();
  if (state === undefined) throw new Error("Expected a request that was asked with its memory.");
  return state.json<Memory>();
}
