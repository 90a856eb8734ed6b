import { listSchema, secretSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireSecret } from "./wire.js";

export const listSecretsOperation = operation({
  id: "listSecrets",
  tag: "Gate",
  method: "get",
  path: "/v1/secrets",
  audience: { operator: "admin" },
  summary: "List the secrets for actions",
  description: "Their names, and who set them when. Nobody can read a value.",
  responses: { 200: { description: "The secrets.", schema: listSchema(secretSchema) } },
  async handle({ context, caller }) {
    const secrets = await context.store.secrets.list(caller.projectId);
    return { status: 200, body: { data: secrets.map(toWireSecret), next_cursor: null } };
  },
});
