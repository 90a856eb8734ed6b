import { z } from "zod";
import { ProblemError } from "../../domain/problem.js";
import { operation } from "../../http/operation.js";

export const readyOperation = operation({
  id: "ready",
  tag: "Health",
  method: "get",
  path: "/readyz",
  audience: { public: true },
  summary: "Whether calls can be answered",
  description: "Writes and reads the database. 503 while it cannot, and while closing.",
  responses: { 200: { description: "They can.", schema: z.object({ status: z.literal("ok") }) } },
  async handle({ context }) {
    if (context.drain.draining) throw notReady();
    await context.store.ping().catch(() => {
      throw notReady();
    });
    return { status: 200, body: { status: "ok" } };
  },
});

function notReady(): ProblemError {
  return new ProblemError({
    code: "UNAVAILABLE",
    detail:
      "Expected a usable database and a control plane that is not closing. Try again shortly.",
    headers: { "Retry-After": "5" },
  });
}
