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
  idempotent: true,
  responses: { 201: { description: "The key with its secret.", schema: createdApiKeySchema } },
  async handle({ context, caller, body, mint }) {
    const { agent, scopes, expires_in_ms: expiresInMs } = body;
    const options = { agent, scopes, expiresInMs };
    const { key, text } = await createApiKey(context, caller.projectId, options, mint);
    return { status: 201, body: { ...toWireApiKey(key), api_key: text } };
  },
});
