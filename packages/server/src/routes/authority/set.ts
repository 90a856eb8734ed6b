import { authoritySchema, setAuthoritySchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { setAuthority } from "../../pipeline/identity/set-authority.js";
import { toWireAuthority } from "./wire.js";

export const setAuthorityOperation = operation({
  id: "setAuthority",
  tag: "Gate",
  method: "put",
  path: "/v1/authority",
  audience: { operator: "member" },
  summary: "Freeze all authority, or thaw it",
  description:
    "Once a freeze is answered, no grant or lease from before is accepted any more, not even after it is thawed; what had begun to run ends as it ends. Everybody of the project may freeze; only an admin thaws.",
  body: setAuthoritySchema,
  example: { frozen: true, reason: "An agent does what nobody understands." },
  responses: { 200: { description: "The project's authority.", schema: authoritySchema } },
  async handle({ context, caller, body, mint }) {
    return {
      status: 200,
      body: toWireAuthority(await setAuthority(context, caller, body, mint)),
    };
  },
});
