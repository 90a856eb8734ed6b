import { secretNameSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";

/** The path of one secret. */
export const secretPath = z.object({ name: secretNameSchema });
