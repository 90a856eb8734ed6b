import { setShieldModeSchema, shieldProfileSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { describeProfile } from "../../pipeline/shield/details.js";
import { setShieldMode } from "../../pipeline/shield/mode.js";
import { shieldPath } from "./path.js";
import { toWireProfile } from "./wire.js";

export const setShieldModeOperation = operation({
  id: "setShieldMode",
  tag: "Shield",
  method: "put",
  path: "/v1/shield/{service}/mode",
  audience: { operator: "admin" },
  summary: "Set how far a profile is trusted",
  description:
    "`shadow`: it learns from whatever happens, anew from where it stands, and holds nothing. `locked`: what departs from it is told and not learnt; it gets there by itself once its surprise has flattened. `enforce`: what departs from it waits for a person; from `locked` only. Each change has its receipt.",
  params: shieldPath,
  body: setShieldModeSchema,
  example: { mode: "enforce", environment: "production" },
  responses: { 200: { description: "The profile.", schema: shieldProfileSchema } },
  async handle({ context, caller, params, body, mint }) {
    const stored = await setShieldMode(context, caller, params.service, body, mint);
    return { status: 200, body: toWireProfile(await describeProfile(context, stored)) };
  },
});
