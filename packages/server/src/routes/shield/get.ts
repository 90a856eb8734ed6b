import { shieldDetailsSchema, shieldQuerySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { detailProfile } from "../../pipeline/shield/details.js";
import { loadProfile } from "../../pipeline/shield/load.js";
import { shieldPath } from "./path.js";
import { toWireDetails } from "./wire.js";

export const getShieldProfileOperation = operation({
  id: "getShieldProfile",
  tag: "Shield",
  method: "get",
  path: "/v1/shield/{service}",
  audience: { operator: "member" },
  summary: "Get the profile of a service",
  description:
    "With the graph of its actions, its entropy curve, and what enforcing it would have held in the last 7 days. Without `environment` the profile of what named none.",
  params: shieldPath,
  query: shieldQuerySchema,
  responses: { 200: { description: "The profile.", schema: shieldDetailsSchema } },
  async handle({ context, caller, params, query }) {
    const stored = await loadProfile(context, caller, params.service, query.environment);
    return { status: 200, body: toWireDetails(await detailProfile(context, stored)) };
  },
});
