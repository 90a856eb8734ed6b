import {
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { holdCall } from "../answer/hold.js";
import { ANSWER_SCHEMA, describeAnswer, describeProblem } from "../answer/result.js";
import { digestCall, keyInRun } from "../call-key.js";
import { labelClient, opensLinks } from "../client.js";
import { linkMessage } from "../elicitation/link.js";
import type { CallState } from "../elicitation/state.js";
import { limitCall } from "../limit.js";
import { nameAction } from "../name.js";
import { optional } from "../optional.js";
import type { AskedRequest, ServerParts } from "../parts.js";

const INPUT = z.strictObject({
  service: z.string().describe("The part of the system that would act, for example billing."),
  action: z.string().describe("What it would do, for example refund."),
  payload: z
    .record(z.string(), z.unknown())
    .describe(
      "Exactly what you would do it with: every argument, unabridged. The person sees it, and may edit it.",
    ),
  priority: optional(z.enum(["low", "medium", "high", "critical"])).describe("Default medium."),
  role: optional(z.string()).describe("Only people of this role may decide, for example finance."),
  timeout_ms: optional(z.int().min(1_000).max(2_592_000_000)).describe(
    "Milliseconds until the request expires undecided: 1000 to 2592000000 (30 days). Default 24 hours. No answer is no approval.",
  ),
  idempotency_key: optional(z.string()).describe(
    "Names the one thing to be done, for example order-7-refund: asked again under this key, ever, it is the same request.",
  ),
  run_id: optional(z.string()).describe(
    "Names your run or conversation: the same question in the same run is the same request, also after a restart.",
  ),
});

type Input = z.infer<typeof INPUT>;

const DEFAULT_TIMEOUT_MS = 86_400_000;
/** The one thing a client is asked for: to open the link. */
const LINK = "decide";

export function registerAskHuman(parts: ServerParts): void {
  parts.server.registerTool(
    "ask_human",
    {
      title: "Ask a person to approve an action",
      description:
        "Asks a person to approve an action before you take it, and waits for the answer. Call it before anything that spends money, sends messages, changes or deletes data, or cannot be undone. Run the action only if the answer begins with APPROVED, once, with exactly the payload in the answer: the person may have edited it. ACTION_REJECTED means no. PENDING means that nobody has decided yet: call check_request with the id in the answer.",
      inputSchema: INPUT,
      outputSchema: ANSWER_SCHEMA,
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: true,
      },
    },
    async (input, context) => {
      try {
        return await askHuman(parts, input, context);
      } catch (error) {
        if (context.mcpReq.signal.aborted) throw error;
        return describeProblem(nameOf(input), error);
      }
    },
  );
}

/** Asks or finds the request, waits in place, then has the link opened, or answers PENDING. */
async function askHuman(
  parts: ServerParts,
  input: Input,
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const startedAtMs = performance.now();
  const call = digestCall(input);
  const state = context.mcpReq.requestState<CallState>();
  if (state && state.call !== call) return changedArguments(nameOf(input));
  const request = state ?? (await makeRequest(parts, input, call, context));

  const waitMs = isDeclined(context)
    ? 0
    : parts.settings.waitMs - (performance.now() - startedAtMs);
  const waited = await holdCall(parts, context, request, { waitMs, showLink: true });
  if (waited.decision) parts.calls.settle(request.id);
  else if (!state && parts.era === "modern" && opensLinks(parts, context)) {
    return openLink(parts, input, { ...request, call }, context);
  }
  return describeAnswer(request, waited);
}

async function makeRequest(
  parts: ServerParts,
  input: Input,
  call: string,
  context: ServerContext,
): Promise<AskedRequest> {
  const { holdpoint, settings, calls } = parts;
  const { service, action, payload, priority, role } = input;
  const timeoutMs = input.timeout_ms;
  const runId = input.run_id ?? settings.runId;
  const idempotencyKey =
    input.idempotency_key ??
    (runId === undefined
      ? calls.keyFor(call, timeoutMs ?? DEFAULT_TIMEOUT_MS)
      : keyInRun(runId, call));
  const asked = {
    service,
    action,
    payload,
    idempotencyKey,
    metadata: { mcp_client: labelClient(parts, context) },
    ...(priority !== undefined && { priority }),
    ...(role !== undefined && { role }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(runId !== undefined && { runId }),
  };
  const { id, url } = await limitCall(context.mcpReq.signal, (signal) =>
    holdpoint.defer(asked, { signal }),
  );
  calls.made(call, id);
  return { id, url, name: nameOf(input) };
}

/** Has the client show the link and call again; the wait goes on then, in whatever process. */
async function openLink(
  { states }: ServerParts,
  { timeout_ms: timeoutMs = DEFAULT_TIMEOUT_MS }: Input,
  { id, url, name, call }: CallState,
  context: ServerContext,
): Promise<InputRequiredResult> {
  return inputRequired({
    requestState: await states.seal({ id, url, name, call }, timeoutMs, context),
    inputRequests: { [LINK]: inputRequired.elicitUrl({ message: linkMessage(name), url }) },
  });
}

/** Not wanting to open a link is no answer to the request: it stays open for whoever decides. */
function isDeclined({ mcpReq }: ServerContext): boolean {
  const response = inputResponse(mcpReq.inputResponses, LINK);
  return response.kind === "elicit" && response.action !== "accept";
}

function changedArguments(name: string): CallToolResult {
  const text = `ERROR: there is no approval for ${name}, so do not run it.\nWhat failed: the arguments are not those that the waiting request was made with.\nWhat to do: call ask_human anew with the arguments you mean.`;
  return { content: [{ type: "text", text }], isError: true };
}

function nameOf({ service, action }: Input): string {
  return nameAction(service, action);
}
