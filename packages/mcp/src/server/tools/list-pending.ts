import type { Holdpoint, HoldpointRequest } from "@holdpoint/sdk";
import type { CallToolResult } from "@modelcontextprotocol/server";
import { z } from "zod";
import { describeProblem } from "../answer/result.js";
import { limitCall } from "../limit.js";
import type { ServerParts } from "../parts.js";

const OUTPUT = z.object({
  requests: z.array(
    z.object({
      request_id: z.string(),
      service: z.string(),
      action: z.string(),
      priority: z.enum(["low", "medium", "high", "critical"]),
      role: z.string().optional(),
      age_ms: z.int().min(0),
      created_at: z.string(),
      expires_at: z.string(),
      url: z.string(),
    }),
  ),
  total: z.int().min(0).describe("How many wait in all; those beyond the list are newer."),
});

type Pending = z.infer<typeof OUTPUT>["requests"][number];

/** More would fill the model's window and help it little. */
const SHOWN = 50;
export function registerListPending({ server, holdpoint }: ServerParts): void {
  server.registerTool(
    "list_pending",
    {
      title: "List requests that wait for a person",
      description:
        "Lists the requests of this agent that nobody has decided yet, oldest first, with their ids for check_request. Call it to find requests again after a restart.",
      outputSchema: OUTPUT,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: true },
    },
    async (context) => {
      const { signal } = context.mcpReq;
      try {
        const found = await limitCall(signal, (limited) => listOldestFirst(holdpoint, limited));
        return describePending(found, Date.now());
      } catch (error) {
        if (signal.aborted) throw error;
        return describeProblem("list_pending", error);
      }
    },
  );
}

async function listOldestFirst(
  { requests }: Holdpoint,
  signal: AbortSignal,
): Promise<readonly HoldpointRequest[]> {
  const found: HoldpointRequest[] = [];
  let cursor: string | null | undefined;
  // Pages come newest first, so the oldest are on the last one.
  while (cursor !== null) {
    const { data, nextCursor } = await requests.list({
      status: "PENDING",
      limit: 100,
      signal,
      ...(cursor !== undefined && { cursor }),
    });
    found.push(...data);
    cursor = nextCursor;
  }
  return found.reverse();
}

function describePending(requests: readonly HoldpointRequest[], nowMs: number): CallToolResult {
  const total = requests.length;
  const shown = requests.slice(0, SHOWN).map((request) => viewPending(request, nowMs));
  const lines = [
    total === 0
      ? "No request of this agent waits for a person."
      : `${total} ${total === 1 ? "request" : "requests"} of this agent ${total === 1 ? "waits" : "wait"} for a person, oldest first. None is approved. For an answer call check_request with the id.`,
    ...shown.map(describeOne),
    ...(total > shown.length ? [`… and ${total - shown.length} newer.`] : []),
  ];
  return {
    content: [{ type: "text", text: lines.join("\n") }],
    structuredContent: { requests: shown, total },
  };
}

function viewPending(request: HoldpointRequest, nowMs: number): Pending {
  const { id, service, action, priority, role, createdAt, expiresAt, url } = request;
  return {
    request_id: id,
    service,
    action,
    priority,
    ...(role !== undefined && { role }),
    // The control plane's clock may be ahead of this one.
    age_ms: Math.max(0, nowMs - createdAt.getTime()),
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
    url,
  };
}

function describeOne({ request_id, service, action, priority, age_ms, url }: Pending): string {
  return `${request_id}  ${service} / ${action}  (${priority}, asked ${describeAge(age_ms)} ago)  ${url}`;
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

function describeAge(ms: number): string {
  const [unit, size] = UNITS.find(([, each]) => ms >= each) ?? ["second", 1_000];
  const count = Math.floor(ms / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
