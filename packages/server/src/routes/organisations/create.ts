import { createOrganisationSchema, organisationSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { createOrganisation } from "../../pipeline/limits/organisation.js";
import { toWireOrganisation } from "./wire.js";

export const createOrganisationOperation = operation({
  id: "createOrganisation",
  tag: "Spend",
  method: "post",
  path: "/v1/organisations",
  audience: { operator: "identity" },
  summary: "Make an organisation",
  description:
    "Projects whose money is one: what any of them spends counts in the organisation's budgets too. You have to be admin of each; an operator token reaches one project only.",
  body: createOrganisationSchema,
  example: { name: "Acme", project_ids: ["prj_01h455vb4pex5vsknk084sn02q"] },
  idempotent: true,
  responses: { 201: { description: "The organisation.", schema: organisationSchema } },
  async handle({ context, caller, body, mint }) {
    const organisation = await createOrganisation(context, caller, body, mint);
    return { status: 201, body: toWireOrganisation(organisation) };
  },
});
