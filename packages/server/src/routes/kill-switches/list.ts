import { killSwitchSchema, listSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireKillSwitch } from "./wire.js";

export const listKillSwitchesOperation = operation({
  id: "listKillSwitches",
  tag: "Spend",
  method: "get",
  path: "/v1/kill-switches",
  audience: { agent: "requests:read", operator: "member" },
  summary: "List kill switches",
  description:
    "Those that were ever turned, the project's first; an agent sees those that bind it. Where there is none, spending goes on.",
  responses: { 200: { description: "Kill switches.", schema: listSchema(killSwitchSchema) } },
  async handle({ context, caller }) {
    const switches = await context.store.killSwitches.list(caller.projectId);
    const visible = switches.filter(
      ({ agent }) =>
        caller.type === "operator" || agent === undefined || agent.id === caller.agent.id,
    );
    return { status: 200, body: { data: visible.map(toWireKillSwitch), next_cursor: null } };
  },
});
