import {
  describeSpendFailure,
  type SpendAnswer,
  type SpendTool,
  type SpendToolNames,
  spendTools,
} from "@holdpoint/sdk/adapter";
import {
  type CallToolResult,
  fromJsonSchema,
  type JsonSchemaType,
  type ServerContext,
  type ToolAnnotations,
} from "@modelcontextprotocol/server";
import { startProgress } from "../answer/progress.js";
import { digestCall, keyInRun } from "../call-key.js";
import { LIMIT_MS, limitCall } from "../limit.js";
import type { ServerParts } from "../parts.js";
import { UNCHECKED } from "../unchecked.js";
import { describeSpending, LIMITS_SCHEMA, PURCHASE_SCHEMA, toError } from "./result.js";

type Kind = SpendTool["kind"];

const TITLES: Readonly<Record<Kind, string>> = {
  request: "Ask for money before paying",
  check: "Look where a purchase stands",
  confirm: "Say how a payment ended",
  budget: "See what may be spent",
};

const READS: ToolAnnotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: true };
const WRITES: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: false,
  openWorldHint: true,
};
const ANNOTATIONS: Readonly<Record<Kind, ToolAnnotations>> = {
  request: { ...WRITES, idempotentHint: false },
  check: READS,
  confirm: { ...WRITES, idempotentHint: true },
  budget: READS,
};

/** As long as a person has for a purchase at most, in milliseconds. */
const PENDING_MS = 86_400_000;

/** Offers the four tools by which a model spends. */
export function registerSpendTools(parts: ServerParts): void {
  const { holdpoint, settings, server } = parts;
  const { waitMs, runId } = settings;
  const tools = spendTools(holdpoint, { waitMs, ...(runId !== undefined && { runId }) });
  const names = namesOf(tools);
  for (const tool of tools) {
    const { kind, name, description, inputSchema } = tool;
    server.registerTool(
      name,
      {
        title: TITLES[kind],
        description,
        inputSchema: fromJsonSchema(inputSchema as JsonSchemaType, UNCHECKED),
        outputSchema: kind === "budget" ? LIMITS_SCHEMA : PURCHASE_SCHEMA,
        annotations: ANNOTATIONS[kind],
      },
      async (args: unknown, context): Promise<CallToolResult> => {
        try {
          return describeSpending(await spend(parts, tool, args, context));
        } catch (error) {
          if (context.mcpReq.signal.aborted) throw error;
          return toError(describeSpendFailure(kind, error, names));
        }
      },
    );
  }
}

async function spend(
  parts: ServerParts,
  tool: SpendTool,
  args: unknown,
  context: ServerContext,
): Promise<SpendAnswer> {
  const { signal } = context.mcpReq;
  if (tool.kind === "request") return request(parts, tool, args, signal);
  if (tool.kind !== "check")
    return limitCall(signal, (limited) => tool.answer(args, { signal: limited }));
  const answer = await check(parts, tool, args, context);
  settle(parts, answer);
  return answer;
}

/** MCP gives calls no id, so the purchase is known by what it is: see {@link SessionCalls}. */
async function request(
  parts: ServerParts,
  tool: SpendTool,
  args: unknown,
  signal: AbortSignal,
): Promise<SpendAnswer> {
  const { calls, settings } = parts;
  const payload = Object(args) as Readonly<Record<string, unknown>>;
  const digest = digestCall({ service: "spend", action: "purchase", payload });
  const idempotencyKey =
    settings.runId === undefined
      ? calls.keyFor(digest, PENDING_MS)
      : keyInRun(settings.runId, digest);
  const answer = await limitCall(signal, (limited) =>
    tool.answer(args, { signal: limited, idempotencyKey }),
  );
  if (answer.purchase !== undefined) calls.made(digest, answer.purchase.requestId);
  // A client that has gone was not told: when it asks again, it means this purchase.
  signal.throwIfAborted();
  settle(parts, answer);
  return answer;
}

/** Waits for a person, with signs of life for clients that ask for them. */
async function check(
  { settings }: ServerParts,
  tool: SpendTool,
  args: unknown,
  context: ServerContext,
): Promise<SpendAnswer> {
  const endProgress = startProgress(context, {
    message: "Waiting for a person to decide the purchase",
    intervalMs: settings.progressIntervalMs,
  });
  try {
    return await limitCall(
      context.mcpReq.signal,
      (signal) => tool.answer(args, { signal }),
      settings.waitMs + LIMIT_MS,
    );
  } finally {
    endProgress();
  }
}

/** What is decided and told is over: the same purchase once more is a new one. */
function settle({ calls }: ServerParts, { purchase }: SpendAnswer): void {
  if (purchase !== undefined && purchase.status !== "pending") calls.settle(purchase.requestId);
}

function namesOf(tools: readonly SpendTool[]): SpendToolNames {
  return Object.fromEntries(
    tools.map(({ kind, name }) => [kind, name]),
  ) as unknown as SpendToolNames;
}
