import { actionSchema, listSchema } from "@holdpoint/protocol/schemas";
import { actionNotFound } from "../../domain/gate/problem.js";
import { operation } from "../../http/operation.js";
import { actionPath } from "./path.js";
import { toRegisteredAction } from "./wire.js";

/** Older ones are kept, and found by their digest. */
const MAX_VERSIONS = 100;

export const listActionVersionsOperation = operation({
  id: "listActionVersions",
  tag: "Gate",
  method: "get",
  path: "/v1/actions/{id}/versions",
  audience: { operator: "member" },
  summary: "List the versions of an action",
  description: `Newest first, the newest ${MAX_VERSIONS}; also of an action that was withdrawn. Calls are counted over all of them.`,
  params: actionPath,
  responses: { 200: { description: "The versions.", schema: listSchema(actionSchema) } },
  async handle({ context, caller, params: { id } }) {
    const { actions } = context.store;
    const versions = await actions.listVersions(caller.projectId, id, MAX_VERSIONS);
    if (versions.length === 0) throw actionNotFound();
    const use = (await actions.listUses(caller.projectId, id)).get(id);
    const data = versions.map((version) => toRegisteredAction(version, use));
    return { status: 200, body: { data, next_cursor: null } };
  },
});
