import type { Holdpoint } from "@holdpoint/sdk";
import type { McpServer } from "@modelcontextprotocol/server";
import type { StateKeeper } from "./elicitation/state.js";
import type { ServerSettings } from "./options.js";
import type { SessionCalls } from "./session-calls.js";

/** What the tools of one server instance share. */
export interface ServerParts {
  readonly holdpoint: Holdpoint;
  readonly settings: ServerSettings;
  readonly states: StateKeeper;
  readonly server: McpServer;
  /** Of the connection (`stdio`), the session (HTTP, old clients) or the one call (HTTP, new ones). */
  readonly era: "legacy" | "modern";
  readonly calls: SessionCalls;
}

/** A request that a tool call is about. */
export interface AskedRequest {
  readonly id: string;
  readonly url: string;
  /** `service / action`, as people and models read it. */
  readonly name: string;
}
