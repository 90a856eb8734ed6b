import { listSchema, shieldProfileSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { describeProfiles } from "../../pipeline/shield/details.js";
import { toWireProfile } from "./wire.js";

export const listShieldProfilesOperation = operation({
  id: "listShieldProfiles",
  tag: "Shield",
  method: "get",
  path: "/v1/shield",
  audience: { operator: "member" },
  summary: "List what the shield follows",
  description:
    "The profile of each service in each environment, by name: how far it is trusted, what it has learnt and what came of it today. The first step of a service makes its profile; a project has at most 500.",
  responses: { 200: { description: "Profiles.", schema: listSchema(shieldProfileSchema) } },
  async handle({ context, caller }) {
    const stored = await context.store.shield.listProfiles(caller.projectId);
    const data = (await describeProfiles(context, stored)).map(toWireProfile);
    return { status: 200, body: { data, next_cursor: null } };
  },
});
