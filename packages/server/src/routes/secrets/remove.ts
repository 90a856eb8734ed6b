import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { secretPath } from "./path.js";

export const removeSecretOperation = operation({
  id: "removeSecret",
  tag: "Gate",
  method: "delete",
  path: "/v1/secrets/{name}",
  audience: { operator: "admin" },
  summary: "Delete a secret",
  description: "Calls of the actions that name it fail from now on, before anything is sent.",
  params: secretPath,
  responses: { 204: { description: "Deleted." } },
  async handle({ context, caller, params }) {
    const removed = await context.store.secrets.remove(caller.projectId, params.name);
    assertFound(removed || undefined, "a secret");
    return { status: 204 };
  },
});
