import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one operator. */
export const operatorPath = z.object({ id: idSchema("operator") });
