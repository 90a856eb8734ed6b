import { createObservationsSchema, type observeSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import { operation } from "../../http/operation.js";
import type { Observation } from "../../pipeline/shield/observe.js";

export const createObservationsOperation = operation({
  id: "createObservations",
  tag: "Observations",
  method: "post",
  path: "/v1/observations",
  audience: { agent: "requests:write" },
  summary: "Tell of calls that nobody had to approve",
  description:
    "In batches, after the fact. The client makes the ids, so sending the same body again counts nothing twice. Of a payload only the hash of its keys and types is told. The shield learns from them, and tells what it has never seen.",
  body: createObservationsSchema,
  example: {
    observations: [
      {
        id: "obs_01h455vb4pex5vsknk084sn02q",
        service: "billing",
        action: "list-invoices",
        observed_at: "2026-11-22T09:30:00.000Z",
      },
    ],
  },
  responses: { 204: { description: "Kept." } },
  async handle({ context, caller, body }) {
    await context.shield.observe(caller, body.observations.map(fromWire));
    return { status: 204 };
  },
});

function fromWire(wire: z.output<typeof observeSchema>): Observation {
  return {
    id: wire.id,
    service: wire.service,
    action: wire.action,
    ...(wire.skeleton_hash !== undefined && { skeletonHash: wire.skeleton_hash }),
    ...(wire.fingerprint !== undefined && { fingerprint: wire.fingerprint }),
    ...(wire.sensitive !== undefined && { sensitive: wire.sensitive }),
    ...(wire.run_id !== undefined && { runId: wire.run_id }),
    ...(wire.parent_request_id !== undefined && { parentRequestId: wire.parent_request_id }),
    ...(wire.environment !== undefined && { environment: wire.environment }),
    ...(wire.agent_label !== undefined && { agentLabel: wire.agent_label }),
    endsRun: wire.ends_run === true,
    observedAt: Date.parse(wire.observed_at),
  };
}
