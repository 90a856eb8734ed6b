import { StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { ServerConfig } from "../config/schema.js";

/** How a server is reached. It gets no variable of the gateway's but the harmless ones. */
export function createTransport(server: ServerConfig): Transport {
  if ("url" in server) {
    const { url, headers = {} } = server;
    // A redirect would take the headers, and with them secrets, elsewhere.
    return new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers, redirect: "error" },
    });
  }
  const { command, args = [], env = {}, cwd } = server;
  return new StdioClientTransport({
    command,
    args: [...args],
    env: { ...getDefaultEnvironment(), ...env },
    stderr: "inherit",
    ...(cwd !== undefined && { cwd }),
  });
}
