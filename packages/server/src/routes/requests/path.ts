import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one request. */
export const requestPath = z.object({ id: idSchema("request") });
