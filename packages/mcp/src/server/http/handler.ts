import {
  createMcpHandler,
  isLegacyRequest,
  type McpServerFactory,
} from "@modelcontextprotocol/server";
import { LegacySessions } from "./sessions.js";
import { createTokenGate } from "./token.js";

/** An MCP endpoint as a fetch function. */
export interface McpEndpoint {
  fetch(request: Request): Promise<Response>;
  /** Ends every session and every call that is held. */
  close(): Promise<void>;
}

export interface EndpointOptions {
  readonly token: string | undefined;
  readonly onError: (error: Error) => void;
}

/** Largest message that is read: what the control plane takes at most. */
export const MAX_BODY_BYTES = 1_048_576;

/** Serves clients of every revision from one factory: new ones call by call, old ones in sessions. */
export function createEndpoint(
  factory: McpServerFactory,
  { token, onError }: EndpointOptions,
): McpEndpoint {
  const gate = createTokenGate(token);
  const limits = { maxRequestBodySize: MAX_BODY_BYTES };
  const sessions = new LegacySessions(factory, limits);
  const modern = createMcpHandler(factory, { ...limits, legacy: "reject", onerror: onError });
  return {
    async fetch(request) {
      const refusal = await gate(request);
      if (refusal) return refusal;
      const isLegacy = await isLegacyRequest(request, undefined, limits);
      return isLegacy ? sessions.fetch(request) : modern.fetch(request);
    },
    async close() {
      await Promise.all([sessions.close(), modern.close()]);
    },
  };
}
