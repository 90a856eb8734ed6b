import { idSchema, operatorTokenSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { toWireOperatorToken } from "./wire.js";

export const revokeOperatorTokenOperation = operation({
  id: "revokeOperatorToken",
  tag: "People and keys",
  method: "post",
  path: "/v1/operator-tokens/{id}/revoke",
  audience: { operator: "member" },
  summary: "Revoke one of your operator tokens",
  description: "Takes effect at once. Revoking twice is the same as once.",
  params: z.object({ id: idSchema("operatorToken") }),
  responses: { 200: { description: "The revoked token.", schema: operatorTokenSchema } },
  async handle({ context, caller, params }) {
    const { store, clock, credentialEpoch } = context;
    const { projectId, operator } = caller;
    const token = await store.operatorTokens.revoke(projectId, operator.id, params.id, clock.now());
    credentialEpoch.advance();
    return { status: 200, body: toWireOperatorToken(assertFound(token, "an operator token")) };
  },
});
