import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one call that was held. */
export const approvalPath = z.object({ id: idSchema("request") });
