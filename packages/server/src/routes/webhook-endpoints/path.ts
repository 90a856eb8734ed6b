import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one endpoint. */
export const endpointPath = z.object({ id: idSchema("webhookEndpoint") });
