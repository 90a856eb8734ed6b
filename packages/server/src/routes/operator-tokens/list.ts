import { listSchema, operatorTokenSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireOperatorToken } from "./wire.js";

export const listOperatorTokensOperation = operation({
  id: "listOperatorTokens",
  tag: "People and keys",
  method: "get",
  path: "/v1/operator-tokens",
  audience: { operator: "member" },
  summary: "List your operator tokens",
  responses: {
    200: { description: "Tokens without secrets.", schema: listSchema(operatorTokenSchema) },
  },
  async handle({ context, caller }) {
    const { store } = context;
    const tokens = await store.operatorTokens.list(caller.projectId, caller.operator.id);
    return { status: 200, body: { data: tokens.map(toWireOperatorToken), next_cursor: null } };
  },
});
