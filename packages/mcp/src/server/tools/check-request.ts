import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";
import { holdCall } from "../answer/hold.js";
import { ANSWER_SCHEMA, describeAnswer, describeProblem } from "../answer/result.js";
import { limitCall } from "../limit.js";
import { nameAction, toLine } from "../name.js";
import { optional } from "../optional.js";
import { MAX_ASKED_WAIT_MS } from "../options.js";
import type { ServerParts } from "../parts.js";

const INPUT = z.strictObject({
  request_id: z.string().describe("The id in the PENDING answer (req_…)."),
  wait_ms: optional(z.int().min(0).max(MAX_ASKED_WAIT_MS)).describe(
    "Milliseconds to wait for the person, 0 to look only.",
  ),
});

type Input = z.infer<typeof INPUT>;

export function registerCheckRequest(parts: ServerParts): void {
  parts.server.registerTool(
    "check_request",
    {
      title: "Wait for the answer to a request",
      description:
        "Waits for a person's answer to a request that ask_human left PENDING, and answers in the same form. Call it again as long as it answers PENDING. Works after restarts too: the id is all it needs.",
      inputSchema: INPUT,
      outputSchema: ANSWER_SCHEMA,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: true },
    },
    async (input, context) => {
      try {
        return await checkRequest(parts, input, context);
      } catch (error) {
        if (context.mcpReq.signal.aborted) throw error;
        return describeProblem(toLine(input.request_id), error);
      }
    },
  );
}

async function checkRequest(
  parts: ServerParts,
  { request_id: requestId, wait_ms: waitMs = parts.settings.waitMs }: Input,
  context: ServerContext,
): Promise<CallToolResult> {
  const startedAtMs = performance.now();
  const { id, url, service, action } = await limitCall(context.mcpReq.signal, (signal) =>
    parts.holdpoint.requests.get(requestId, { signal }),
  );
  const request = { id, url, name: nameAction(service, action) };
  const leftMs = waitMs - (performance.now() - startedAtMs);
  const waited = await holdCall(parts, context, request, { waitMs: leftMs, showLink: false });
  if (waited.decision) parts.calls.settle(id);
  return describeAnswer(request, waited);
}
