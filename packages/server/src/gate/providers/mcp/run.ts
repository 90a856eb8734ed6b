import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import { LIMITS } from "@holdpoint/protocol";
import type { McpProvider } from "@holdpoint/protocol/gate";
import type { Client } from "@modelcontextprotocol/client";
import type { CallRules } from "../../egress/call.js";
import { FaultError, refuse } from "../../fault.js";
import type { Scope } from "../../template/scope.js";
import { expandUrl } from "../../template/url.js";
import { fillValue } from "../../template/value.js";
import { idempotencyHeaders } from "../http.js";
import type { Provider } from "../provider.js";
import { mcpFaultOf } from "./faults.js";
import { createMcpFetch, type McpFetch } from "./fetch.js";
import { loadMcpClient } from "./library.js";

/** Calls one tool of an MCP server. Its output is what the tool has structured, or else its content. */
export const runMcp: Provider<"mcp"> = async (provider, run, rules) => {
  const scope = { parameters: run.parameters };
  const url = expandUrl(provider.url, scope);
  const toolArguments = fillArguments(provider, scope);
  const fetch = createMcpFetch(url, idempotencyHeaders(run), rules);
  await using session = await openSession(url, fetch, rules);
  const result = await callTool(
    session.client,
    { name: provider.tool, arguments: toolArguments },
    fetch,
  );
  if (result.isError === true) throw refuse("tool_failed", "Expected the tool to succeed.");
  const { echo } = await rules.credentials();
  try {
    return { output: echo.inJson((result.structuredContent ?? result.content) as JsonValue) };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    throw new FaultError({ ...error.fault, mayHaveActed: true });
  }
};

function fillArguments({ arguments: template = "{*}" }: McpProvider, scope: Scope): JsonObject {
  const filled = fillValue(template, scope) ?? {};
  if (typeof filled !== "object" || filled === null || Array.isArray(filled)) {
    throw refuse("egress_refused", "Expected an object as the tool's arguments.");
  }
  return filled as JsonObject;
}

/** What goes wrong before a tool is called has had no effect. */
async function openSession(url: URL, fetch: McpFetch, { signal }: CallRules) {
  const { Client, StreamableHTTPClientTransport } = await loadMcpClient();
  const client = new Client(
    { name: "holdpoint-gate", version: "1" },
    { versionNegotiation: { mode: "auto" } },
  );
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: fetch.fetch,
    reconnectionOptions: NEVER_RECONNECT,
  });
  try {
    await client.connect(transport, { signal, timeout: LIMITS.maxActionTimeoutMs });
  } catch (error) {
    await client.close();
    throw await mcpFaultOf(fetch.fault() ?? error, { signal, isCalled: false });
  }
  return {
    client,
    async [Symbol.asyncDispose]() {
      // A server that keeps sessions may forget this one; whether it does changes nothing.
      await transport.terminateSession().catch(() => {});
      await client.close();
    },
  };
}

const NEVER_RECONNECT = {
  maxRetries: 0,
  initialReconnectionDelay: 1_000,
  maxReconnectionDelay: 1_000,
  reconnectionDelayGrowFactor: 1,
};

async function callTool(
  client: Client,
  call: { readonly name: string; readonly arguments: JsonObject },
  fetch: McpFetch,
) {
  const { signal } = fetch;
  try {
    return await client.callTool(call, { signal, timeout: LIMITS.maxActionTimeoutMs });
  } catch (error) {
    throw await mcpFaultOf(fetch.fault() ?? error, { signal, isCalled: true });
  }
}
