import { LIMITS } from "@holdpoint/protocol";
import { listSchema, listShieldStepsSchema, shieldStepSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { loadProfile } from "../../pipeline/shield/load.js";
import { shieldPath } from "./path.js";
import { toWireStep } from "./wire.js";

export const listShieldStepsOperation = operation({
  id: "listShieldSteps",
  tag: "Shield",
  method: "get",
  path: "/v1/shield/{service}/steps",
  audience: { operator: "member" },
  summary: "List the steps of a service",
  description:
    "Newest first, each with its verdict and what a person has said of it: of a run (`run_key`), to an action, from the action `after` which it came, or at the beginning of a run (`is_first=true`).",
  params: shieldPath,
  query: listShieldStepsSchema,
  responses: { 200: { description: "A page of steps.", schema: listSchema(shieldStepSchema) } },
  async handle({ context, caller, params, query }) {
    const { environment, run_key, action, after, is_first, anomalous, reviewed } = query;
    const { id } = await loadProfile(context, caller, params.service, environment);
    const page = await context.store.shield.listSteps(caller.projectId, {
      profileId: id,
      ...(run_key !== undefined && { runKey: run_key }),
      ...(action !== undefined && { action }),
      ...(after !== undefined && { after }),
      ...(is_first !== undefined && { after: null }),
      ...(anomalous !== undefined && { anomalous }),
      ...(reviewed !== undefined && { reviewed }),
      limit: query.limit ?? LIMITS.pageSize,
      ...(query.cursor !== undefined && { cursor: query.cursor }),
    });
    const data = page.items.map(toWireStep);
    return { status: 200, body: { data, next_cursor: page.nextCursor } };
  },
});
