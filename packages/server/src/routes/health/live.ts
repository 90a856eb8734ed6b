import { z } from "zod";
import { operation } from "../../http/operation.js";

export const liveOperation = operation({
  id: "live",
  tag: "Health",
  method: "get",
  path: "/healthz",
  audience: { public: true },
  summary: "Whether the process runs",
  responses: { 200: { description: "It does.", schema: z.object({ status: z.literal("ok") }) } },
  handle: () => ({ status: 200, body: { status: "ok" } }),
});
