import { tool } from "@openai/agents";
import { z } from "zod";

const lookUp = tool({
  name: "look_up_order",
  description: "Looks up an order.",
  parameters: z.object({ order: z.string() }),
  execute: async ({ order }) => ({ order, item: "lamp", cents: 12_500 }),
});

const refund = tool({
  name: "refund",
  description: "Refunds an order.",
  parameters: z.object({
    order: z.string().describe("Which order"),
    cents: z.number().int().min(1).max(50_000).describe("In cents"),
  }),
  execute: async ({ order, cents }) => {
    console.log(`refunded ${cents} cents of ${order}`);
    return `Refunded ${cents} cents.`;
  },
});

export const tools = [lookUp, refund];

/** Looking something up needs nobody; it is only observed. */
export const policy = { look_up_order: "observe", refund: "ask" } as const;
