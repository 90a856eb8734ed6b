import { changeOrganisationSchema, organisationSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { changeOrganisation } from "../../pipeline/limits/organisation.js";
import { organisationPath } from "./path.js";
import { toWireOrganisation } from "./wire.js";

export const changeOrganisationOperation = operation({
  id: "changeOrganisation",
  tag: "Spend",
  method: "put",
  path: "/v1/organisations/{id}",
  audience: { operator: "identity" },
  summary: "Change an organisation",
  description:
    "`project_ids` are all that are in it from now on; none dissolves it. You have to be admin of each that is in it or is to be. What was spent stays counted where it was.",
  params: organisationPath,
  body: changeOrganisationSchema,
  example: { name: "Acme", project_ids: ["prj_01h455vb4pex5vsknk084sn02q"] },
  responses: { 200: { description: "The organisation.", schema: organisationSchema } },
  async handle({ context, caller, params, body }) {
    const organisation = await changeOrganisation(context, caller, params.id, body);
    return { status: 200, body: toWireOrganisation(organisation) };
  },
});
