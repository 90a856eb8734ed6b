import { actionSchema, listSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { listActions } from "../../pipeline/gate/registry/find.js";
import { toRegisteredAction, toWireAction } from "./wire.js";

export const listActionsOperation = operation({
  id: "listActions",
  tag: "Gate",
  method: "get",
  path: "/v1/actions",
  audience: { agent: "gate", operator: "member" },
  summary: "List actions",
  description:
    "Those in use, with their schemas: an agent's are those its scopes reach. `registration` is for operators.",
  responses: { 200: { description: "The actions.", schema: listSchema(actionSchema) } },
  async handle({ context, caller }) {
    const actions = await listActions(context, caller);
    if (caller.type === "agent") {
      return { status: 200, body: { data: actions.map(toWireAction), next_cursor: null } };
    }
    const uses = await context.store.actions.listUses(caller.projectId);
    const data = actions.map((action) => toRegisteredAction(action, uses.get(action.id)));
    return { status: 200, body: { data, next_cursor: null } };
  },
});
