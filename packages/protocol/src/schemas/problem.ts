import { z } from "zod";
import { ERROR_CODES, type ErrorCode } from "../codes.js";
import { executionSchema } from "./execution.js";

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(codes),
  trace_id: z.string().optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  current: z
    .object({
      status: z.string(),
      revision: z.int(),
      decided_by: z
        .object({ type: z.string(), id: z.string(), name: z.string().optional() })
        .optional(),
    })
    .optional(),
  current_execution: executionSchema.optional(),
});

/** A list answer of `item`s. */
export function listSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}
