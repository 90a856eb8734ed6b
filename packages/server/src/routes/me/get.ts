import type { WireIdentity } from "@holdpoint/protocol";
import { identitySchema } from "@holdpoint/protocol/schemas";
import type { Context } from "../../context.js";
import type { AgentCaller, OperatorCaller } from "../../domain/caller.js";
import { assertFound } from "../../domain/found.js";
import { operation } from "../../http/operation.js";
import { toWireProject } from "../projects/wire.js";

export const getIdentityOperation = operation({
  id: "getIdentity",
  tag: "People and keys",
  method: "get",
  path: "/v1/me",
  audience: { agent: "any", operator: "identity" },
  summary: "Who the server takes you for",
  responses: { 200: { description: "The agent or operator.", schema: identitySchema } },
  async handle({ context, caller }) {
    const body =
      caller.type === "agent" ? await describeAgent(context, caller) : describeOperator(caller);
    return { status: 200, body };
  },
});

async function describeAgent(context: Context, caller: AgentCaller): Promise<WireIdentity> {
  const project = assertFound(await context.store.projects.find(caller.projectId), "a project");
  const { type, agent, scopes } = caller;
  return { type, project: toWireProject(project), agent, scopes };
}

function describeOperator({ operator, projects }: OperatorCaller): WireIdentity {
  return {
    type: "operator",
    operator: { id: operator.id, email: operator.email, name: operator.name },
    projects: projects.map(({ project, roles }) => ({ ...toWireProject(project), roles })),
  };
}
