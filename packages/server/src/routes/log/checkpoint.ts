import { z } from "zod";
import { operation } from "../../http/operation.js";
import { PUBLIC_HEADERS } from "./public.js";

export const getCheckpointOperation = operation({
  id: "getCheckpoint",
  tag: "Receipts",
  method: "get",
  path: "/v1/log/checkpoint",
  audience: { public: true },
  summary: "Read the log's newest checkpoint",
  description: "The signed head of the log, as C2SP tlog-checkpoint describes it.",
  responses: {
    200: { description: "A signed note.", contentType: "text/plain", schema: z.string() },
  },
  async handle({ context }) {
    const { checkpoint } = await context.store.log.head();
    return new Response(checkpoint, {
      headers: {
        ...PUBLIC_HEADERS,
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "no-cache",
      },
    });
  },
});
