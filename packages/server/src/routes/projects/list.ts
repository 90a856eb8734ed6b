import { listSchema, projectSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireProject } from "./wire.js";

export const listProjectsOperation = operation({
  id: "listProjects",
  tag: "People and keys",
  method: "get",
  path: "/v1/projects",
  audience: { operator: "identity" },
  summary: "List your projects",
  description: "An operator token reaches the one project it was made in.",
  responses: { 200: { description: "Your projects.", schema: listSchema(projectSchema) } },
  handle({ caller }) {
    const data = caller.projects.map(({ project }) => toWireProject(project));
    return { status: 200, body: { data, next_cursor: null } };
  },
});
