import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { ServerParts } from "./parts.js";

/**
 * What a client of 2026-07-28 says of itself with every call. The library has checked it by then,
 * but its type is lost on the way to here.
 */
interface Envelope {
  readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities;
  readonly [CLIENT_INFO_META_KEY]?: Implementation;
}

/**
 * Whether this client opens links for its user. A client that only shows forms does not count: what
 * is ticked in a client's form proves no person, and so is never asked for.
 */
export function opensLinks(
  { server, settings, era }: Pick<ServerParts, "server" | "settings" | "era">,
  context: ServerContext,
): boolean {
  if (!settings.elicitation) return false;
  const capabilities =
    era === "modern"
      ? envelopeOf(context)[CLIENT_CAPABILITIES_META_KEY]
      : server.server.getClientCapabilities();
  return capabilities?.elicitation?.url !== undefined;
}

/** What the client calls itself, as a claim for people to see. */
export function labelClient({ server }: ServerParts, context: ServerContext): string {
  const client = envelopeOf(context)[CLIENT_INFO_META_KEY] ?? server.server.getClientVersion();
  return client ? `${client.name} ${client.version}`.slice(0, 100) : "unknown";
}

function envelopeOf({ mcpReq }: ServerContext): Envelope {
  return (mcpReq.envelope ?? {}) as Envelope;
}
