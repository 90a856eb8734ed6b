import { reviewShieldStepSchema, shieldStepSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { reviewStep } from "../../pipeline/shield/review.js";
import { shieldPath } from "./path.js";
import { toWireStep } from "./wire.js";

export const reviewShieldStepOperation = operation({
  id: "reviewShieldStep",
  tag: "Shield",
  method: "post",
  path: "/v1/shield/{service}/reviews",
  audience: { operator: "member" },
  summary: "Review a step",
  description:
    "Says of a step that nobody had to decide whether it is usual, as an approver or admin. `usual`: it counts from now on, more than what merely happens. `unusual`: what was learnt of it is taken back. Once per step; a request that people decide is reviewed by their decision.",
  params: shieldPath,
  body: reviewShieldStepSchema,
  example: { step_id: "obs_01h455vb4pex5vsknk084sn02q", answer: "usual" },
  responses: { 200: { description: "The step, reviewed.", schema: shieldStepSchema } },
  async handle({ context, caller, params, body, mint }) {
    const step = await reviewStep(context, caller, params.service, body, mint);
    return { status: 200, body: toWireStep(step) };
  },
});
