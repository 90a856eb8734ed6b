import { apiKeySchema, listSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireApiKey } from "./wire.js";

export const listApiKeysOperation = operation({
  id: "listApiKeys",
  tag: "People and keys",
  method: "get",
  path: "/v1/api-keys",
  audience: { operator: "admin" },
  summary: "List API keys",
  responses: {
    200: { description: "Keys without their secrets.", schema: listSchema(apiKeySchema) },
  },
  async handle({ context, caller }) {
    const keys = await context.store.apiKeys.list(caller.projectId);
    return { status: 200, body: { data: keys.map(toWireApiKey), next_cursor: null } };
  },
});
