import { actionEgressSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { findAction } from "../../pipeline/gate/registry/find.js";
import { actionPath } from "./path.js";

export const getActionEgressOperation = operation({
  id: "getActionEgress",
  tag: "Gate",
  method: "get",
  path: "/v1/actions/{id}/egress",
  audience: { agent: "gate", operator: "member" },
  summary: "See where an action may go",
  params: actionPath,
  responses: { 200: { description: "Of the version in use.", schema: actionEgressSchema } },
  async handle({ context, caller, params }) {
    const { id, version, manifest } = await findAction(context, caller, params.id);
    return { status: 200, body: { action: id, version, egress: manifest.egress } };
  },
});
