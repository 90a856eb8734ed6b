import { createProjectSchema, projectSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireProject } from "./wire.js";

export const createProjectOperation = operation({
  id: "createProject",
  tag: "People and keys",
  method: "post",
  path: "/v1/projects",
  audience: { operator: "identity" },
  summary: "Make a project",
  description: "You become its admin.",
  body: createProjectSchema,
  example: { name: "Payments" },
  idempotent: true,
  responses: { 201: { description: "The new project.", schema: projectSchema } },
  async handle({ context, caller, body, mint }) {
    const project = { id: mint.id("prj"), name: body.name, createdAt: mint.now };
    await context.store.projects.create(project, caller.operator.id);
    return { status: 201, body: toWireProject(project) };
  },
});
