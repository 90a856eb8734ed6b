import { approvalOf } from "@holdpoint/ai-sdk";
import { Holdpoint } from "@holdpoint/sdk";
import { tool } from "ai";
import { z } from "zod";
import { pay } from "./bank.js";

/** How the tools are gated: the same for every conversation, in every process. */
export const gating = {
  service: "billing",
  holdpoint: new Holdpoint({ agent: "support-agent" }), // HOLDPOINT_URL, HOLDPOINT_API_KEY
  policy: { findOrder: "observe", "*": "ask" },
  // The bank takes an idempotency key, so paying twice with it pays once.
  idempotent: ({ tool }: { tool: string }) => tool === "refund",
} as const;

export const tools = {
  findOrder: tool({
    description: "Looks up an order.",
    inputSchema: z.object({ orderId: z.string() }),
    execute: async ({ orderId }) => ({ orderId, item: "lamp", paidMinor: 12_500 }),
  }),
  refund: tool({
    description: "Sends money back to the customer.",
    inputSchema: z.object({
      orderId: z.string().min(1).describe("Which order"),
      amountMinor: z.number().int().min(1).max(50_000).describe("In cents"),
    }),
    execute: (refund, options) => pay(refund, approvalOf(options)?.idempotencyKey),
  }),
};
