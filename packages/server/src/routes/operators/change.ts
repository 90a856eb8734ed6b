import { changeOperatorSchema, operatorSchema } from "@holdpoint/protocol/schemas";
import { assertFound, assertNotLastAdmin } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { operatorPath } from "./path.js";
import { toWireOperator } from "./wire.js";

export const changeOperatorOperation = operation({
  id: "changeOperator",
  tag: "People and keys",
  method: "patch",
  path: "/v1/operators/{id}",
  audience: { operator: "admin" },
  summary: "Change an operator's roles",
  description: "The last admin of a project stays admin.",
  params: operatorPath,
  body: changeOperatorSchema,
  example: { roles: ["approver", "finance"] },
  responses: { 200: { description: "The operator.", schema: operatorSchema } },
  async handle({ context, caller, params, body }) {
    const { store, credentialEpoch } = context;
    const roles = [...new Set(body.roles)];
    const result = await store.operators.changeRoles(caller.projectId, params.id, roles);
    credentialEpoch.advance();
    const member = assertFound(assertNotLastAdmin(result), "an operator");
    return { status: 200, body: toWireOperator(member) };
  },
});
