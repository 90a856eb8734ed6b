import { z } from "zod";
import { assertNotCrossSite } from "../../auth/origin.js";
import { ProblemError } from "../../domain/problem.js";
import { addressOf } from "../../http/address.js";
import { operation } from "../../http/operation.js";

export const signInOperation = operation({
  id: "signIn",
  tag: "Session",
  method: "get",
  path: "/auth/magic-link/verify",
  audience: { public: true },
  summary: "Sign in by one-time link",
  description:
    "Called by the dashboard's /sign-in page with the token of the link. Sets the session cookie.",
  query: z.strictObject({ token: z.string().min(1).max(200) }),
  responses: {
    200: { description: "Signed in.", schema: z.object({ operator_id: z.string() }) },
  },
  async handle({ context, query, http }) {
    assertNotCrossSite(http.req.raw);
    await context.rateLimiter.consume("perAddress", addressOf(http));
    const session = await context.sessions.signIn(query.token);
    if (session === undefined) throw linkSpent();
    return { status: 200, body: { operator_id: session.operatorId }, cookies: session.cookies };
  },
});

function linkSpent(): ProblemError {
  return new ProblemError({
    code: "CREDENTIAL_INVALID",
    detail:
      "Expected a sign-in link that is new; this one was used, has expired or never was. Ask an admin for another.",
  });
}
