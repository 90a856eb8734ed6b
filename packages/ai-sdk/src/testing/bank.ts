import { type Tool, tool } from "ai";
import { z } from "zod";

export interface Transfer {
  readonly amount: number;
  readonly to: string;
}

export interface Receipt {
  readonly receipt: string;
}

export interface Bank {
  readonly sent: readonly Transfer[];
  readonly tools: { readonly transfer: Tool<Transfer, Receipt> };
}

/** A tool that moves money, and tells of each time it did. */
export function createBank(): Bank {
  const sent: Transfer[] = [];
  const transfer = tool({
    description: "Sends money.",
    inputSchema: z.object({ amount: z.number().max(1_000), to: z.string() }),
    execute: async (input) => {
      sent.push(input);
      return { receipt: `${input.amount} to ${input.to}` };
    },
  });
  return { sent, tools: { transfer } };
}

export const TRANSFER = { id: "call_1", tool: "transfer", args: { amount: 500, to: "Ada" } };
