import { authoritySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { toWireAuthority } from "./wire.js";

export const getAuthorityOperation = operation({
  id: "getAuthority",
  tag: "Gate",
  method: "get",
  path: "/v1/authority",
  audience: { operator: "member" },
  summary: "Read whether anything may run",
  responses: { 200: { description: "The project's authority.", schema: authoritySchema } },
  async handle({ context, caller }) {
    const authority = await context.store.authority.find(caller.projectId);
    return { status: 200, body: toWireAuthority(authority) };
  },
});
