import { type GatePolicy, getIdempotencyKey } from "@holdpoint/langchain";
import { tool } from "langchain";
import { z } from "zod";
import { pay } from "./bank.js";

const Refund = z.object({
  orderId: z.string().min(1).describe("Which order"),
  amountMinor: z.number().int().min(1).max(50_000).describe("In cents"),
});

const lookUp = tool(async ({ orderId }) => `Order ${orderId}: one lamp, 125.00.`, {
  name: "look_up",
  description: "Looks up an order.",
  schema: z.object({ orderId: z.string() }),
});

const refund = tool(
  async (approved, config) => `Paid: ${await pay(approved, getIdempotencyKey(config))}`,
  { name: "refund", description: "Refunds an order.", schema: Refund },
);

export const tools = [lookUp, refund];

/** Looking is harmless; money is asked for. The bank takes a key, so paying twice pays once. */
export const gate: { service: string; policy: GatePolicy; idempotent: boolean } = {
  service: "billing",
  policy: { look_up: "observe", refund: "ask" },
  idempotent: true,
};
