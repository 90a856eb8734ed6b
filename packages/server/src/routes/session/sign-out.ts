import { operation } from "../../http/operation.js";

export const signOutOperation = operation({
  id: "signOut",
  tag: "Session",
  method: "post",
  path: "/v1/sign-out",
  audience: { operator: "session" },
  summary: "Sign out",
  description: "Ends this browser's session.",
  responses: { 204: { description: "Signed out." } },
  async handle({ context, http }) {
    const cookies = await context.sessions.signOut(http.req.header("Cookie"));
    context.credentialEpoch.advance();
    return { status: 204, cookies };
  },
});
