import { z } from "zod";
import { LIMITS } from "../limits.js";
import { idSchema, lineSchema, timeSchema } from "./parts.js";

/** Projects of one organisation. */
const MAX_PROJECTS = 100;

const nameSchema = lineSchema(LIMITS.nameLength);
const projectIdsSchema = z
  .array(idSchema("project"))
  .max(MAX_PROJECTS)
  .refine((ids) => new Set(ids).size === ids.length, { error: "Expected each project once." });

export const organisationSchema = z.object({
  id: idSchema("organisation"),
  name: z.string(),
  projects: z.array(z.object({ id: idSchema("project"), name: z.string() })),
  created_at: timeSchema,
});

export const createOrganisationSchema = z.strictObject({
  name: nameSchema,
  project_ids: projectIdsSchema.min(1),
});

export const changeOrganisationSchema = z.strictObject({
  name: nameSchema.optional(),
  project_ids: projectIdsSchema.optional(),
});
