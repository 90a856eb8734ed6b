import type { Holdpoint, HoldpointRequest } from "@holdpoint/sdk";
import { createGate, type Gate, type GatedCall, type Verdict } from "@holdpoint/sdk/adapter";
import type { OfferedTool } from "../catalog.js";

/** Labels of a gateway's requests, beside those of every gate. In clear. */
const SERVER = "mcp.server";
const DEFINITION = "mcp.definition";
const TOOL = "holdpoint.tool";
const TOOL_CALL_ID = "holdpoint.tool_call_id";

export interface GateParts {
  readonly holdpoint: Holdpoint;
  readonly environment: string | undefined;
}

/** The gate before a tool. */
export function gateBefore({ holdpoint, environment }: GateParts, offered: OfferedTool): Gate {
  const { server, name } = offered.upstream;
  return createGate({
    holdpoint,
    environment,
    service: offered.service,
    policy: offered.verdict,
    priority: server.priority,
    role: server.role,
    timeoutMs: server.timeout_ms,
    metadata: { [SERVER]: name, [DEFINITION]: offered.digest },
  });
}

/** A call of the gateway's, as its request has it: all that is needed to run it, in any process. */
export interface AskedToolCall {
  readonly server: string;
  readonly tool: string;
  /** Digest of the tool's definition when it was asked. */
  readonly definition: string;
  readonly gate: Gate;
  readonly call: GatedCall;
}

/** Reads a request back into the call it asks for; `undefined` when it asks for something else. */
export function readAskedCall(
  holdpoint: Holdpoint,
  request: HoldpointRequest,
): AskedToolCall | undefined {
  const { metadata, runId, payload: args, schema, service, action, role, environment } = request;
  const [server, definition, tool, toolCallId] = [SERVER, DEFINITION, TOOL, TOOL_CALL_ID].map(
    (label) => (Object.hasOwn(metadata, label) ? metadata[label] : undefined),
  );
  if (typeof server !== "string" || typeof definition !== "string") return undefined;
  if (typeof toolCallId !== "string" || runId === undefined || args === undefined) return undefined;
  // What people read is the action: a label that says something else is nothing they approved.
  if (tool !== action) return undefined;
  const policy: Verdict = "ask";
  const gate = createGate({ holdpoint, policy, service, role, environment });
  const call = { tool: action, args, toolCallId, runId, schema, wait: false };
  return { server, tool: action, definition, gate, call };
}
