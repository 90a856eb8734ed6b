import { assertFound, assertNotLastAdmin } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { operatorPath } from "./path.js";

export const removeOperatorOperation = operation({
  id: "removeOperator",
  tag: "People and keys",
  method: "delete",
  path: "/v1/operators/{id}",
  audience: { operator: "admin" },
  summary: "Remove an operator from the project",
  description: "Revokes the operator's tokens here. What they decided stays decided.",
  params: operatorPath,
  responses: { 204: { description: "Removed." } },
  async handle({ context, caller, params }) {
    const { store, clock, credentialEpoch } = context;
    const result = await store.operators.remove(caller.projectId, params.id, clock.now());
    credentialEpoch.advance();
    assertFound(assertNotLastAdmin(result), "an operator");
    return { status: 204 };
  },
});
