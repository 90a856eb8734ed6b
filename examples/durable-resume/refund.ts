import { Holdpoint } from "@holdpoint/sdk";
import { z } from "zod";
import { pay } from "./bank.js";
import { step } from "./step.js";

export const holdpoint = new Holdpoint({ agent: "support-agent" }); // HOLDPOINT_URL, HOLDPOINT_API_KEY

const Refund = z.object({
  orderId: z.string().min(1).describe("Which order"),
  amountMinor: z.number().int().min(1).max(50_000).describe("In cents"),
});
export type Refund = z.infer<typeof Refund>;

/** What the agent knows when it asks, and has to know again to go on. */
export interface Memory {
  readonly customer: string;
  readonly conversation: readonly string[];
  readonly refund: Refund;
}

/** The question, the same in both processes: it is how the second finds what the first has asked. */
export const question = { service: "billing", action: "refund", schema: Refund } as const;

/** Names the one refund there may be. It comes from the order, not from a model. */
export function keyOf({ orderId }: Refund): string {
  return `refund ${orderId}`;
}

/**
 * Refunds, once, what a person approved. Called again, in this process or another, it waits for the
 * run there is, or answers with its result.
 *
 * The bank takes an idempotency key, so paying twice with it pays once. That is why it may be run
 * again after a crash of which nobody knows whether it came before the payment or after.
 */
export const refund = holdpoint.guard(
  { ...question, key: keyOf, idempotent: true, leaseMs: 2_000 },
  async (approved: Refund, { idempotencyKey }) => {
    step("claimed");
    const payment = await pay(approved, idempotencyKey);
    step("paid");
    return payment;
  },
);
