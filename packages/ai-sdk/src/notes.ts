import type { HoldpointRequest } from "@holdpoint/sdk";
import { describeChange, type Gate, type GateOptions, type ToolCall } from "@holdpoint/sdk/adapter";

/** What models have to know beside results: that a person changed the arguments, and their words. */
export interface Notes {
  /** Of a call that ran here. */
  keep(call: ToolCall, note: string | undefined): void;
  /** Of a call that ran here or, where the run has a name, in any process. Never rejects. */
  find(call: ToolCall): Promise<string | undefined>;
}

const UNKNOWN =
  "Whether a person changed the arguments before this ran cannot be looked up at the moment. It may have run with others than the ones you gave.";

/**
 * The framework keeps a result apart from what its model was told of it: a chat that comes back from
 * the browser is told to the model again, from the results alone. So a note that is not known here
 * is made again, from the decision on record.
 */
export function createNotes(gate: Gate, { service, runId }: GateOptions): Notes {
  // By the input as an object: the framework passes the same one to execute and toModelOutput, while
  // the ids of calls may be used again by another conversation.
  const kept = new WeakMap<object, string | undefined>();
  let approvals: Approvals | undefined;

  async function lookUp(call: ToolCall): Promise<string | undefined> {
    const run = typeof runId === "function" ? runId(call) : runId;
    if (run === undefined || (await gate.judge(call)) !== "ask") return undefined;
    const key = keyOf(call.tool, call.toolCallId);
    if (approvals?.runId !== run || !approvals.byCall.has(key)) {
      approvals = { runId: run, byCall: await loadApprovals(gate, service, run) };
    }
    const request = approvals.byCall.get(key);
    if (request === undefined || !hasNote(request)) return undefined;
    return describeChange(await gate.holdpoint.wait(request.id));
  }

  return {
    keep({ args }, note) {
      if (isObject(args)) kept.set(args, note);
    },
    async find(call) {
      if (isObject(call.args) && kept.has(call.args)) return kept.get(call.args);
      return lookUp(call).catch(() => UNKNOWN);
    },
  };
}

interface Approvals {
  readonly runId: string;
  readonly byCall: ReadonlyMap<string, HoldpointRequest>;
}

/** What was approved in a run, by its calls. */
async function loadApprovals(
  { holdpoint }: Gate,
  service: string,
  runId: string,
): Promise<Approvals["byCall"]> {
  const byCall = new Map<string, HoldpointRequest>();
  const status = ["APPROVED", "APPROVED_WITH_MODIFICATIONS"] as const;
  let cursor: string | null | undefined;
  do {
    const narrowed = { service, runId, status, limit: 100, ...(cursor && { cursor }) };
    const page = await holdpoint.requests.list(narrowed);
    for (const request of page.data) {
      const { "holdpoint.tool": tool, "holdpoint.tool_call_id": toolCallId } = request.metadata;
      byCall.set(keyOf(tool, toolCallId), request);
    }
    cursor = page.nextCursor;
  } while (cursor);
  return byCall;
}

function hasNote({ status, reason }: HoldpointRequest): boolean {
  return status === "APPROVED_WITH_MODIFICATIONS" || reason !== undefined;
}

function keyOf(tool: unknown, toolCallId: unknown): string {
  return JSON.stringify([tool, toolCallId]);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
