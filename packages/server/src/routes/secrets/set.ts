import { secretSchema, setSecretSchema } from "@holdpoint/protocol/schemas";
import { operatorActor } from "../../domain/actor.js";
import { ProblemError } from "../../domain/problem.js";
import { operation } from "../../http/operation.js";
import { secretPath } from "./path.js";
import { toWireSecret } from "./wire.js";

export const setSecretOperation = operation({
  id: "setSecret",
  tag: "Gate",
  method: "put",
  path: "/v1/secrets/{name}",
  audience: { operator: "admin" },
  summary: "Keep a secret for actions",
  description:
    "Replaces the value there is, from the next call on. It is sealed, put into calls by the gate alone, and never answered.",
  params: secretPath,
  body: setSecretSchema,
  example: { value: "the-token" },
  responses: { 200: { description: "Kept.", schema: secretSchema } },
  async handle({ context: { store, clock }, caller, params, body }) {
    const secret = await store.secrets.set({
      projectId: caller.projectId,
      name: params.name,
      value: body.value,
      updatedAt: clock.now(),
      updatedBy: operatorActor(caller.operator),
    });
    if (secret === "too_many") throw tooManySecrets();
    return { status: 200, body: toWireSecret(secret) };
  },
});

function tooManySecrets(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: "Expected at most 1000 secrets of one project. Delete those that no action names.",
  });
}
