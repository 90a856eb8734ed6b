import { actionManifestSchema, actionSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { registerAction } from "../../pipeline/gate/registry/register.js";
import { actionPath } from "./path.js";
import { toRegisteredAction } from "./wire.js";

export const registerActionOperation = operation({
  id: "registerAction",
  tag: "Gate",
  method: "put",
  path: "/v1/actions/{id}",
  audience: { operator: "admin" },
  summary: "Register an action",
  description:
    "Puts a version in use, for calls that are asked from now on; one that waits for a person runs the version it was asked with. A version never changes: another manifest needs another one.",
  params: actionPath,
  body: actionManifestSchema,
  example: {
    id: "create-ticket",
    version: "1.0.0",
    title: "Create a ticket",
    description: "Creates a ticket in the help desk.",
    risk: "medium",
    parameters: {
      type: "object",
      properties: { subject: { type: "string", maxLength: 200 } },
      required: ["subject"],
      additionalProperties: false,
    },
    provider: {
      type: "http",
      method: "POST",
      url: "https://desk.example.com/tickets",
      body: { subject: "{subject}" },
    },
    egress: { domains: ["desk.example.com"] },
    secrets: [{ name: "DESK_TOKEN", header: "Authorization", prefix: "Bearer " }],
    verification: { type: "status", statuses: [201] },
  },
  responses: {
    200: { description: "In use already; nothing was changed.", schema: actionSchema },
    201: { description: "The version in use.", schema: actionSchema },
  },
  async handle({ context, caller, params, body: manifest, mint }) {
    const given = { id: params.id, manifest };
    const { action, isNew } = await registerAction(context, caller, given, mint);
    const uses = await context.store.actions.listUses(caller.projectId, action.id);
    const body = toRegisteredAction(action, uses.get(action.id));
    return { status: isNew ? 201 : 200, body };
  },
});
