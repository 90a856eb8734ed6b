import { setShieldSettingsSchema, shieldProfileSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { describeProfile } from "../../pipeline/shield/details.js";
import { setShieldSettings } from "../../pipeline/shield/settings.js";
import { shieldPath } from "./path.js";
import { toWireProfile } from "./wire.js";

export const setShieldSettingsOperation = operation({
  id: "setShieldSettings",
  tag: "Shield",
  method: "put",
  path: "/v1/shield/{service}/settings",
  audience: { operator: "admin" },
  summary: "Set what a profile holds",
  description:
    "How surprising an anomaly is (`hold_one_in`), after how many in a row a run is paused, and the rules beside the baseline, each of which is off where it is not named. What is left out stays as it is; `rules` are set all at once. Name the revision of the settings that were read as `base_revision`: where somebody has set others meanwhile, that is `REVISION_CONFLICT`, and nothing is changed. It holds for the next step, and each change has its receipt.",
  params: shieldPath,
  body: setShieldSettingsSchema,
  example: {
    base_revision: 0,
    environment: "production",
    hold_one_in: 100,
    rules: { velocity: { max_per_minute: 60 }, loop: { max_repeats: 5 } },
  },
  responses: { 200: { description: "The profile.", schema: shieldProfileSchema } },
  async handle({ context, caller, params, body, mint }) {
    const stored = await setShieldSettings(context, caller, params.service, body, mint);
    return { status: 200, body: toWireProfile(await describeProfile(context, stored)) };
  },
});
