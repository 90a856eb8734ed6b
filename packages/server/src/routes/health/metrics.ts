import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { hashSecret } from "../../auth/secret.js";
import { ProblemError } from "../../domain/problem.js";
import { operation } from "../../http/operation.js";

export const metricsOperation = operation({
  id: "metrics",
  tag: "Health",
  method: "get",
  path: "/metrics",
  audience: { public: true },
  summary: "Prometheus metrics",
  description: "Takes `Authorization: Bearer` with the metrics token when one is configured.",
  responses: { 200: { description: "Metrics.", contentType: "text/plain", schema: z.string() } },
  async handle({ context, http }) {
    const { metricsToken, metrics } = context;
    if (metricsToken !== undefined) assertToken(http.req.header("Authorization"), metricsToken);
    return new Response(await metrics.render(), {
      headers: { "Content-Type": metrics.contentType, "Cache-Control": "no-store" },
    });
  },
});

function assertToken(authorization: string | undefined, token: string): void {
  // Hashes have one length, which is what the comparison in constant time needs.
  const given = Buffer.from(hashSecret(authorization ?? ""));
  if (timingSafeEqual(given, Buffer.from(hashSecret(`Bearer ${token}`)))) return;
  throw new ProblemError({
    code: authorization === undefined ? "AUTHENTICATION_REQUIRED" : "CREDENTIAL_INVALID",
    detail: "Expected Authorization: Bearer with the configured metrics token.",
    headers: { "WWW-Authenticate": 'Bearer realm="holdpoint-metrics"' },
  });
}
