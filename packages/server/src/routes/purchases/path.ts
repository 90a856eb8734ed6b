import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one purchase. */
export const purchasePath = z.object({ id: idSchema("request") });
