import { z } from "zod";
import { type Operation, operation } from "../../http/operation.js";

/** Serves the description of these operations. */
export function openapiOperation(operations: readonly Operation[]): Operation {
  return operation({
    id: "openapi",
    tag: "Reference",
    method: "get",
    path: "/openapi.json",
    audience: { public: true },
    summary: "This API as OpenAPI 3.1",
    responses: { 200: { description: "The document.", schema: z.looseObject({}) } },
    async handle({ context }) {
      const { describeApi } = await import("../../http/openapi.js");
      return { status: 200, body: describeApi(operations, context.publicUrl()) };
    },
  });
}
