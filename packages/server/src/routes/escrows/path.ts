import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one escrow. */
export const escrowPath = z.object({ id: idSchema("escrow") });
