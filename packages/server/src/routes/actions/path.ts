import { actionIdSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one action. */
export const actionPath = z.object({ id: actionIdSchema });
