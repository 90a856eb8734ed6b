import { agentKeySchema, registerAgentKeySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { registerAgentKey } from "../../pipeline/spend/escrow/register-key.js";
import { toWireAgentKey } from "./wire.js";

export const registerAgentKeyOperation = operation({
  id: "registerAgentKey",
  tag: "Escrows",
  method: "post",
  path: "/v1/agent-keys",
  audience: { agent: "requests:write" },
  summary: "Register a key by which this agent signs",
  description:
    "The public part of an Ed25519 key, with a proof signed by the key itself. It is kept for good, and the control plane attests whose it is. The private part stays with the agent.",
  body: registerAgentKeySchema,
  responses: {
    201: { description: "The registered key.", schema: agentKeySchema },
    200: { description: "Registered before by this agent.", schema: agentKeySchema },
  },
  async handle({ context, caller, body }) {
    const { key, isNew } = await registerAgentKey(context, caller, body);
    return { status: isNew ? 201 : 200, body: toWireAgentKey(key) };
  },
});
