import { LIMITS } from "@holdpoint/protocol";
import { listSchema, listShieldRunsSchema, shieldRunSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { loadProfile } from "../../pipeline/shield/load.js";
import { listRuns } from "../../pipeline/shield/runs.js";
import { shieldPath } from "./path.js";
import { toWireRun } from "./wire.js";

export const listShieldRunsOperation = operation({
  id: "listShieldRuns",
  tag: "Shield",
  method: "get",
  path: "/v1/shield/{service}/runs",
  audience: { operator: "member" },
  summary: "List the runs of a service",
  description:
    "Those with the latest step first; `anomalous=true` those with an anomaly. `run_key` finds the steps of one.",
  params: shieldPath,
  query: listShieldRunsSchema,
  responses: { 200: { description: "A page of runs.", schema: listSchema(shieldRunSchema) } },
  async handle({ context, caller, params, query }) {
    const { environment, agent_id, anomalous, limit, cursor } = query;
    const stored = await loadProfile(context, caller, params.service, environment);
    const page = await listRuns(context, stored, {
      ...(agent_id !== undefined && { agentId: agent_id }),
      ...(anomalous !== undefined && { anomalous }),
      limit: limit ?? LIMITS.pageSize,
      ...(cursor !== undefined && { cursor }),
    });
    return { status: 200, body: { data: page.items.map(toWireRun), next_cursor: page.nextCursor } };
  },
});
