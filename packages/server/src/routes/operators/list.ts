import { listSchema, operatorSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireOperator } from "./wire.js";

export const listOperatorsOperation = operation({
  id: "listOperators",
  tag: "People and keys",
  method: "get",
  path: "/v1/operators",
  audience: { operator: "member" },
  summary: "List operators",
  responses: { 200: { description: "Operators and roles.", schema: listSchema(operatorSchema) } },
  async handle({ context, caller }) {
    const members = await context.store.operators.list(caller.projectId);
    return { status: 200, body: { data: members.map(toWireOperator), next_cursor: null } };
  },
});
