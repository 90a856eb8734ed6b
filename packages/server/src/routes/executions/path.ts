import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one execution. */
export const executionPath = z.object({ id: idSchema("execution") });
