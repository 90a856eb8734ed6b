import { LIMITS, type WireObservation } from "@holdpoint/protocol";
import { listObservationsSchema, listSchema, observationSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import type { LoggedShieldStep } from "../../store/verbs/shield.js";
import { wireTime } from "../time.js";

export const listObservationsOperation = operation({
  id: "listObservations",
  tag: "Observations",
  method: "get",
  path: "/v1/observations",
  audience: { operator: "member" },
  summary: "List observations",
  description: "Newest first, by when they came. Kept for 30 days.",
  query: listObservationsSchema,
  responses: {
    200: { description: "A page of observations.", schema: listSchema(observationSchema) },
  },
  async handle({ context, caller, query }) {
    const { service, action, agent_id, run_id, limit, cursor } = query;
    const page = await context.store.shield.listSteps(caller.projectId, {
      source: "observe",
      ...(service !== undefined && { service }),
      ...(action !== undefined && { action }),
      ...(agent_id !== undefined && { agentId: agent_id }),
      ...(run_id !== undefined && { runId: run_id }),
      limit: limit ?? LIMITS.pageSize,
      ...(cursor !== undefined && { cursor }),
    });
    return { status: 200, body: { data: page.items.map(toWire), next_cursor: page.nextCursor } };
  },
});

function toWire(step: LoggedShieldStep): WireObservation {
  const { skeletonHash, runId, parentRequestId, environment, agentLabel } = step;
  return {
    id: step.id,
    service: step.service,
    action: step.action,
    agent: step.agent,
    ...(agentLabel !== undefined && { agent_label: agentLabel }),
    ...(skeletonHash !== undefined && { skeleton_hash: skeletonHash }),
    ...(runId !== undefined && { run_id: runId }),
    ...(parentRequestId !== undefined && { parent_request_id: parentRequestId }),
    ...(environment !== "" && { environment }),
    ...(step.fingerprint !== undefined && { fingerprint: step.fingerprint }),
    ...(step.sensitive !== undefined && { sensitive: step.sensitive }),
    ...(step.endsRun && { ends_run: true }),
    // An observation always says when it was made.
    observed_at: wireTime(step.observedAt ?? step.receivedAt),
    received_at: wireTime(step.receivedAt),
  };
}
