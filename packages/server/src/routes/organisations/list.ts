import { listSchema, organisationSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { listOrganisations } from "../../pipeline/limits/organisation.js";
import { toWireOrganisation } from "./wire.js";

export const listOrganisationsOperation = operation({
  id: "listOrganisations",
  tag: "Spend",
  method: "get",
  path: "/v1/organisations",
  audience: { operator: "identity" },
  summary: "List organisations",
  description: "Those whose every project you administer with this credential.",
  responses: { 200: { description: "Organisations.", schema: listSchema(organisationSchema) } },
  async handle({ context, caller }) {
    const organisations = await listOrganisations(context, caller);
    return {
      status: 200,
      body: { data: organisations.map(toWireOrganisation), next_cursor: null },
    };
  },
});
