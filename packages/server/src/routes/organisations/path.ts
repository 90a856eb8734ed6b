import { idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one organisation. */
export const organisationPath = z.object({ id: idSchema("organisation") });
