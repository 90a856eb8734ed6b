import { actionSchema, digestSchema } from "@holdpoint/protocol/schemas";
import { z } from "zod";
import { operation } from "../../http/operation.js";
import { findAction } from "../../pipeline/gate/registry/find.js";
import { actionPath } from "./path.js";
import { toRegisteredAction, toWireAction } from "./wire.js";

export const getActionOperation = operation({
  id: "getAction",
  tag: "Gate",
  method: "get",
  path: "/v1/actions/{id}",
  audience: { agent: "gate", operator: "member" },
  summary: "Find an action",
  description:
    "The version in use; with `digest` that one, also when it was replaced or withdrawn. `registration` is for operators.",
  params: actionPath,
  query: z.strictObject({ digest: digestSchema.optional() }),
  responses: { 200: { description: "The action.", schema: actionSchema } },
  async handle({ context, caller, params, query }) {
    const action = await findAction(context, caller, params.id, query.digest);
    if (caller.type === "agent") return { status: 200, body: toWireAction(action) };
    const uses = await context.store.actions.listUses(caller.projectId, action.id);
    return { status: 200, body: toRegisteredAction(action, uses.get(action.id)) };
  },
});
