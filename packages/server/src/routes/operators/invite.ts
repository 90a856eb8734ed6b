import { invitedOperatorSchema, inviteOperatorSchema } from "@holdpoint/protocol/schemas";
import { operation } from "../../http/operation.js";
import { assertMayHandOutLink } from "../../pipeline/accounts/custody.js";
import { assertNoMember } from "../../pipeline/accounts/member.js";
import { createSignInLink } from "../../pipeline/accounts/sign-in-link.js";
import { toWireOperator, toWireSignInLink } from "./wire.js";

export const inviteOperatorOperation = operation({
  id: "inviteOperator",
  tag: "People and keys",
  method: "post",
  path: "/v1/operators",
  audience: { operator: "admin" },
  summary: "Invite an operator",
  description: "Hand the one-time sign-in link to the person; it works once, within 15 minutes.",
  body: inviteOperatorSchema,
  example: { email: "ada@example.com", name: "Ada", roles: ["approver"] },
  idempotent: true,
  responses: { 201: { description: "The operator.", schema: invitedOperatorSchema } },
  async handle({ context, caller, body, mint }) {
    const email = body.email.toLowerCase();
    const { now } = mint;
    await assertNoMember(context, caller.projectId, email, now);
    const operator = await context.store.operators.ensure({
      id: mint.id("usr"),
      email,
      name: body.name ?? email,
      createdAt: now,
    });
    await assertMayHandOutLink(context, caller, operator.id);
    const roles = [...new Set(body.roles)];
    const member = await context.store.operators.invite(caller.projectId, operator, roles, now);
    const link = await createSignInLink(context, member.operator);
    return {
      status: 201,
      body: { ...toWireOperator(member), sign_in: toWireSignInLink(link) },
    };
  },
});
