import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one budget. */
export const budgetPath = z.object({ id: idSchema("budget") });
