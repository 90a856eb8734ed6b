import { createApiKeySchema, createdApiKeySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { createApiKey } from "../../pipeline/accounts/api-key.js";
import { toWireApiKey } from "./wire.js";

export const createApiKeyOperation = operation({
  id: "createApiKey",
  tag: "People and keys",
  method: "post",
  path: "/v1/api-keys",
  audience: { operator: "admin" },
  summary: "Make an API key",
  description: "`api_key` is shown in this answer and never again.",
  body: createApiKeySchema,
  example: { agent: "db-agent" },
  responses: { 201: { description: "The key with its secret.", schema: createdApiKeySchema } },
  async handle({ context, caller, body }) {
    const { key, text } = await createApiKey(context, caller.projectId, {
      agent: body.agent,
      scopes: body.scopes,
      expiresInMs: body.expires_in_ms,
    });
    return { status: 201, body: { ...toWireApiKey(key), api_key: text } };
  },
});
