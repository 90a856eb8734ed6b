import { apiKeySchema, idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { toWireApiKey } from "./wire.js";

export const revokeApiKeyOperation = operation({
  id: "revokeApiKey",
  tag: "People and keys",
  method: "post",
  path: "/v1/api-keys/{id}/revoke",
  audience: { operator: "admin" },
  summary: "Revoke an API key",
  description: "Takes effect at once. Revoking twice is the same as once.",
  params: z.object({ id: idSchema("apiKey") }),
  responses: { 200: { description: "The revoked key.", schema: apiKeySchema } },
  async handle({ context, caller, params }) {
    const { store, clock, credentialEpoch } = context;
    const key = await store.apiKeys.revoke(caller.projectId, params.id, clock.now());
    credentialEpoch.advance();
    return { status: 200, body: toWireApiKey(assertFound(key, "an API key")) };
  },
});
