import { agentIdentitySchema, idSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { operation } from "../../http/operation.js";
import { revokeIdentity } from "../../pipeline/identity/revoke-identity.js";
import { toWireIdentity } from "./wire.js";

export const revokeAgentIdentityOperation = operation({
  id: "revokeAgentIdentity",
  tag: "Gate",
  method: "post",
  path: "/v1/agent-identities/{id}/revoke",
  audience: { operator: "admin" },
  summary: "Revoke an agent's own key",
  description:
    "Takes effect at once, on every lease that was got by it too. Revoking twice is the same as once.",
  params: z.object({ id: idSchema("agentIdentity") }),
  responses: { 200: { description: "The revoked key.", schema: agentIdentitySchema } },
  async handle({ context, caller, params, mint }) {
    const identity = await revokeIdentity(context, caller, params.id, mint);
    return { status: 200, body: toWireIdentity(identity) };
  },
});
