import { z } from "zod";
import { LIMITS } from "../limits.js";
import { API_KEY_SCOPES } from "../wire.js";
import { idSchema, lineSchema, roleSchema, timeSchema } from "./parts.js";

const nameSchema = lineSchema(LIMITS.nameLength);
const agentReferenceSchema = z.object({ id: idSchema("agent"), name: z.string() });
const scopesSchema = z.array(z.enum(API_KEY_SCOPES)).min(1);
const rolesSchema = z.array(roleSchema).min(1).max(20);
const expiresInMsSchema = z.int().min(60_000).max(31_536_000_000);

export const projectSchema = z.object({
  id: idSchema("project"),
  name: z.string(),
  created_at: timeSchema,
});
export const createProjectSchema = z.strictObject({ name: nameSchema });

export const agentSchema = z.object({
  id: idSchema("agent"),
  name: z.string(),
  created_at: timeSchema,
});

export const apiKeySchema = z.object({
  id: idSchema("apiKey"),
  agent: agentReferenceSchema,
  hint: z.string(),
  scopes: scopesSchema,
  created_at: timeSchema,
  expires_at: timeSchema.optional(),
  last_used_at: timeSchema.optional(),
  revoked_at: timeSchema.optional(),
});
/** The agent is made when no agent of this name exists. */
export const createApiKeySchema = z.strictObject({
  agent: nameSchema,
  scopes: scopesSchema.optional(),
  expires_in_ms: expiresInMsSchema.optional(),
});
/** The one answer that carries the secret. */
export const createdApiKeySchema = apiKeySchema.extend({ api_key: z.string() });

export const operatorSchema = z.object({
  id: idSchema("operator"),
  email: z.string(),
  name: z.string(),
  roles: rolesSchema,
  created_at: timeSchema,
});
export const inviteOperatorSchema = z.strictObject({
  email: z.email({ error: "Expected an e-mail address." }).max(254),
  name: nameSchema.optional(),
  roles: rolesSchema,
});
export const changeOperatorSchema = z.strictObject({ roles: rolesSchema });
export const signInLinkSchema = z.object({ url: z.string(), expires_at: timeSchema });
export const invitedOperatorSchema = operatorSchema.extend({ sign_in: signInLinkSchema });

export const operatorTokenSchema = z.object({
  id: idSchema("operatorToken"),
  name: z.string(),
  hint: z.string(),
  created_at: timeSchema,
  expires_at: timeSchema.optional(),
  last_used_at: timeSchema.optional(),
  revoked_at: timeSchema.optional(),
});
export const createOperatorTokenSchema = z.strictObject({
  name: nameSchema,
  expires_in_ms: expiresInMsSchema.optional(),
});
export const createdOperatorTokenSchema = operatorTokenSchema.extend({ token: z.string() });

export const identitySchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("agent"),
    project: projectSchema,
    agent: agentReferenceSchema,
    scopes: z.array(z.string()),
  }),
  z.object({
    type: z.literal("operator"),
    operator: z.object({ id: idSchema("operator"), email: z.string(), name: z.string() }),
    projects: z.array(projectSchema.extend({ roles: rolesSchema })),
  }),
]);
