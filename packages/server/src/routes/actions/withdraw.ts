import { actionSchema } from "@holdpoint/protocol/schemas";
import { operatorActor } from "../../domain/actor.js";
import { actionNotFound } from "../../domain/gate/problem.js";
import { operation } from "../../http/operation.js";
import { actionPath } from "./path.js";
import { toRegisteredAction } from "./wire.js";

export const withdrawActionOperation = operation({
  id: "withdrawAction",
  tag: "Gate",
  method: "post",
  path: "/v1/actions/{id}/withdraw",
  audience: { operator: "admin" },
  summary: "Withdraw an action",
  description:
    "Takes all its versions out of use. Calls that wait for a person do not run any more, whatever is decided. To have it back, register another version.",
  params: actionPath,
  responses: { 200: { description: "The version that was in use.", schema: actionSchema } },
  async handle({ context, caller, params, mint }) {
    const { actions } = context.store;
    const withdrawn = await actions.withdraw(caller.projectId, params.id, {
      eventId: mint.id("evt"),
      at: mint.now,
      actor: operatorActor(caller.operator),
    });
    if (withdrawn === undefined) throw actionNotFound();
    const uses = await actions.listUses(caller.projectId, withdrawn.id);
    return { status: 200, body: toRegisteredAction(withdrawn, uses.get(withdrawn.id)) };
  },
});
