import { Holdpoint } from "@holdpoint/sdk";
import { type McpRequestContext, McpServer } from "@modelcontextprotocol/server";
import manifest from "../../package.json" with { type: "json" };
import { ActionCatalog } from "./actions/catalog.js";
import { registerActions } from "./actions/tools.js";
import { createStateKeeper } from "./elicitation/state.js";
import { type HoldpointMcpServerOptions, resolveSettings, type ServerSettings } from "./options.js";
import type { ServerParts } from "./parts.js";
import { SessionCalls } from "./session-calls.js";
import { registerSpendTools } from "./spend/tools.js";
import { registerAskHuman } from "./tools/ask-human.js";
import { registerCheckRequest } from "./tools/check-request.js";
import { registerListPending } from "./tools/list-pending.js";

const INSTRUCTIONS =
  "Holdpoint puts an action before a person and brings back the answer. Call ask_human before anything that spends money, sends messages, changes or deletes data, or cannot be undone. Act only on an answer that begins with APPROVED, once, and with exactly the payload in it. PENDING is no approval: call check_request with the id it names. ACTION_REJECTED means no: do not do it, in this or another form.";
const SPENDING =
  " Before you pay for anything, call request_purchase and not ask_human; pay only on an answer that begins with APPROVED, and then call confirm_purchase.";
const ACTING =
  " The tools of other names are actions that Holdpoint runs itself: call them without asking before. If one answers WAIT, a person decides first: call it again later with exactly the same arguments.";

/**
 * Makes one server instance: for a connection, a session, or a single call, as the entry point needs.
 * Where it offers actions, it rejects with what `gate.actions` throws.
 */
export type HoldpointMcpServerFactory = (
  context: Pick<McpRequestContext, "era">,
) => Promise<McpServer>;

/**
 * Makes the MCP server `npx @holdpoint/mcp` runs, to be served by your own program: hand what comes
 * back to `serveStdio` or `createMcpHandler` of `@modelcontextprotocol/server`. One factory serves
 * clients of the protocol's 2025 revisions and of 2026-07-28.
 *
 * The API key is an agent's: whoever reaches this server asks as that agent, and sees its requests.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: an option is missing or out of bounds.
 * @throws {EncryptionError} `ENCRYPTION_KEY_INVALID`: not 32 bytes as base64url.
 */
export function createHoldpointMcpServer(
  options: HoldpointMcpServerOptions = {},
): HoldpointMcpServerFactory {
  const settings = resolveSettings(options);
  const holdpoint = new Holdpoint(options);
  const states = createStateKeeper(options.apiKey ?? process.env.HOLDPOINT_API_KEY ?? "");
  const catalog = new ActionCatalog(holdpoint, settings);
  return async ({ era }) => {
    const server = new McpServer(
      { name: "holdpoint", title: "Holdpoint", version: manifest.version },
      {
        capabilities: { tools: { listChanged: false } },
        instructions: instructionsFor(settings),
        requestState: { verify: states.verify },
      },
    );
    const calls = new SessionCalls();
    const parts: ServerParts = { holdpoint, settings, states, server, era, calls };
    registerAskHuman(parts);
    registerCheckRequest(parts);
    registerListPending(parts);
    if (settings.spend) registerSpendTools(parts);
    if (settings.actions) registerActions(parts, catalog, await catalog.list());
    return server;
  };
}

function instructionsFor({ spend, actions }: ServerSettings): string {
  return [INSTRUCTIONS, spend && SPENDING, actions && ACTING].filter(Boolean).join("");
}
