import { LIMITS } from "@holdpoint/protocol";
import { lineSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one service. Its name may hold anything a line may, a slash as `%2F`. */
export const shieldPath = z.object({ service: lineSchema(LIMITS.serviceLength) });
