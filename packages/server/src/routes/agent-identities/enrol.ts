import { agentIdentitySchema, enrolSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { enrolAgent } from "../../pipeline/identity/enrol.js";
import { toWireIdentity } from "./wire.js";

export const enrolAgentOperation = operation({
  id: "enrolAgent",
  tag: "Gate",
  method: "post",
  path: "/v1/agent-identities",
  audience: { public: true },
  provesKey: true,
  summary: "Enrol a key of an agent's own",
  description:
    "With a code from POST /v1/enrolments, and in `DPoP` a proof (RFC 9449, without `ath`) by the P-256 key to enrol. The same code with the same key again is answered as the first time.",
  body: enrolSchema,
  example: { code: "hpe_R3Y0kJ8uXq1n5bVw7sTz2mEo4aLc6dFgHiJkMnPqSto" },
  responses: { 201: { description: "The key as it is known.", schema: agentIdentitySchema } },
  async handle({ context, body, mint, provenKey }) {
    const identity = await enrolAgent(context, body, provenKey, mint);
    return { status: 201, body: toWireIdentity(identity) };
  },
});
