import { signInLinkSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { assertMayHandOutLink } from "../../pipeline/accounts/custody.js";
import { loadMember } from "../../pipeline/accounts/member.js";
import { createSignInLink } from "../../pipeline/accounts/sign-in-link.js";
import { operatorPath } from "./path.js";
import { toWireSignInLink } from "./wire.js";

export const createSignInLinkOperation = operation({
  id: "createSignInLink",
  tag: "People and keys",
  method: "post",
  path: "/v1/operators/{id}/sign-in-link",
  audience: { operator: "admin" },
  summary: "Make a one-time sign-in link",
  description: "Works once, within 15 minutes.",
  params: operatorPath,
  idempotent: true,
  responses: { 201: { description: "The link.", schema: signInLinkSchema } },
  async handle({ context, caller, params }) {
    const { operator } = await loadMember(context, caller.projectId, params.id);
    await assertMayHandOutLink(context, caller, operator.id);
    const link = await createSignInLink(context, operator);
    return { status: 201, body: toWireSignInLink(link) };
  },
});
