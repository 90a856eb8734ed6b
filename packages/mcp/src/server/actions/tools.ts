import type { ActionAnswer, ActionTool } from "@holdpoint/sdk/adapter";
import {
  type CallToolResult,
  fromJsonSchema,
  type JsonSchemaType,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { startProgress } from "../answer/progress.js";
import { digestCall } from "../call-key.js";
import type { ServerParts } from "../parts.js";
import { UNCHECKED } from "../unchecked.js";
import type { ActionCatalog } from "./catalog.js";

/** What an action answers with, for programs; hosts show it to models, so it holds no ids. */
const ACTION_SCHEMA = z.object({
  status: z.enum(["done", "unverified", "waiting"]),
  output: z.unknown().optional().describe("Absent where the action gives back none."),
  url: z.string().optional().describe("Where a person decides it, while it waits."),
  expires_at: z.string().optional().describe("Until when they may."),
});

type Answer = z.infer<typeof ACTION_SCHEMA>;

/** No action stands in for a tool that the model already knows by this name. */
const OWN_NAMES: readonly string[] = [
  ...["ask_human", "check_request", "list_pending"],
  ...["request_purchase", "check_purchase", "confirm_purchase", "check_budget"],
];

/** Offers actions of the gate as tools of their names. */
export function registerActions(
  parts: ServerParts,
  catalog: ActionCatalog,
  tools: readonly ActionTool[],
): void {
  for (const tool of tools.filter(({ name }) => !OWN_NAMES.includes(name))) {
    const { name, title, description, parameters, risk } = tool;
    parts.server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: fromJsonSchema(parameters as JsonSchemaType, UNCHECKED),
        outputSchema: ACTION_SCHEMA,
        annotations: {
          readOnlyHint: false,
          destructiveHint: risk === "high" || risk === "critical",
          idempotentHint: false,
          openWorldHint: true,
        },
      },
      async (args: unknown, context) =>
        describeAction(await act(parts, catalog, tool, { args, context })),
    );
  }
}

interface Called {
  readonly args: unknown;
  readonly context: ServerContext;
}

/** @throws the client's reason, when it cancels: what runs goes on, and is found when asked again. */
async function act(
  { settings }: ServerParts,
  catalog: ActionCatalog,
  tool: ActionTool,
  { args, context }: Called,
): Promise<ActionAnswer> {
  const { signal } = context.mcpReq;
  const payload = Object(args) as Readonly<Record<string, unknown>>;
  const digest = digestCall({ service: "gate", action: tool.name, payload });
  const endProgress = startProgress(context, {
    message: `Waiting for ${tool.name}`,
    intervalMs: settings.progressIntervalMs,
  });
  try {
    const answer = await tool.call(args, { signal, callKey: catalog.keyFor(digest) });
    // A client that has gone was not told: when it asks again, it means this call.
    signal.throwIfAborted();
    if (isOver(answer)) catalog.settle(digest);
    return answer;
  } finally {
    endProgress();
  }
}

/** Whether a person has decided it, and everybody knows how it ended. */
function isOver({ approval, error }: ActionAnswer): boolean {
  if (approval !== undefined) return false;
  return error === undefined || !(error.retryable || error.code === "OUTCOME_UNKNOWN");
}

function describeAction({ text, isError, result, approval }: ActionAnswer): CallToolResult {
  if (result !== undefined) {
    const { output, fullySuccessful } = result;
    const status = fullySuccessful ? "done" : "unverified";
    return toResult(text, { status, ...(output !== undefined && { output }) });
  }
  if (approval !== undefined) {
    const { url, expiresAt } = approval;
    // With the time: hosts end a run whose tool gives the same answer again and again.
    const waiting = `${text}\nAt ${new Date().toISOString()} nobody had decided.`;
    return toResult(waiting, { status: "waiting", url, expires_at: expiresAt.toISOString() });
  }
  return { content: [{ type: "text", text }], isError };
}

function toResult(text: string, structuredContent: Answer): CallToolResult {
  return { content: [{ type: "text", text }], structuredContent };
}
