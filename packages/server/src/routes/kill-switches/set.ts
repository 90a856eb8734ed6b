import { killSwitchSchema, setKillSwitchSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { setKillSwitch } from "../../pipeline/limits/kill-switch.js";
import { toWireKillSwitch } from "./wire.js";

export const setKillSwitchOperation = operation({
  id: "setKillSwitch",
  tag: "Spend",
  method: "put",
  path: "/v1/kill-switches",
  audience: { operator: "member" },
  summary: "Stop spending, or let it go on",
  description:
    "An agent's, or the whole project's. Any approver may stop it; only an admin lets it go on. While it is stopped nothing is reserved or approved; what is held stays held, and what was paid can be confirmed.",
  body: setKillSwitchSchema,
  example: { stopped: true, reason: "It buys the same thing again and again." },
  responses: { 200: { description: "The switch.", schema: killSwitchSchema } },
  async handle({ context, caller, body }) {
    return { status: 200, body: toWireKillSwitch(await setKillSwitch(context, caller, body)) };
  },
});
