import { policySchema, setPolicySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { setPolicy } from "../../pipeline/policy/set.js";
import { toWirePolicy } from "./wire.js";

export const setPolicyOperation = operation({
  id: "setPolicy",
  tag: "Policy",
  method: "put",
  path: "/v1/policies",
  audience: { operator: "admin" },
  summary: "Set the policy",
  description:
    "Puts the project's whole policy in force, as its next revision: it binds whatever is asked once this is answered. Name the revision it was made from as `base_revision`. An empty text takes the policy away: then people decide what is asked, and nothing runs at the gate.",
  body: setPolicySchema,
  example: {
    text: 'permit (principal, action == Action::"execute", resource)\nwhen { context.priority == "low" };\n',
    base_revision: 0,
    note: "Low risk runs at once.",
  },
  idempotent: true,
  responses: { 200: { description: "The revision in force.", schema: policySchema } },
  async handle({ context, caller, body, mint }) {
    return { status: 200, body: toWirePolicy(await setPolicy(context, caller, body, mint)) };
  },
});
