import { z } from "zod";

/** What the bank's tool takes, and what people see and edit. */
export const Transfer = z.object({
  to: z.string().min(1).describe("Who gets it"),
  cents: z.number().int().min(1).max(50_000),
});
