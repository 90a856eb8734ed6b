import { createdOperatorTokenSchema, createOperatorTokenSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { createOperatorToken } from "../../pipeline/accounts/operator-token.js";
import { toWireOperatorToken } from "./wire.js";

export const createOperatorTokenOperation = operation({
  id: "createOperatorToken",
  tag: "People and keys",
  method: "post",
  path: "/v1/operator-tokens",
  audience: { operator: "member" },
  summary: "Make an operator token",
  description:
    "For the terminal: it may do what you may do in this project. `token` is shown in this answer and never again.",
  body: createOperatorTokenSchema,
  example: { name: "laptop" },
  idempotent: true,
  responses: {
    201: { description: "The token with its secret.", schema: createdOperatorTokenSchema },
  },
  async handle({ context, caller, body, mint }) {
    const { token, text } = await createOperatorToken(
      context,
      caller.projectId,
      caller.operator.id,
      { name: body.name, expiresInMs: body.expires_in_ms },
      mint,
    );
    return { status: 201, body: { ...toWireOperatorToken(token), token: text } };
  },
});
