import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  hostHeaderValidation,
  type NodeIncomingMessageLike,
  originValidation,
  toNodeHandler,
} from "@modelcontextprotocol/node";
import type { McpServerFactory } from "@modelcontextprotocol/server";
import { createEndpoint, MAX_BODY_BYTES } from "./handler.js";
import { type HttpOptions, type ResolvedHttpOptions, resolveHttpOptions } from "./options.js";

export interface ListenOptions extends HttpOptions {
  /** Told of what goes wrong beside the calls. */
  readonly onError: (error: Error) => void;
}

/** A server that listens. */
export interface HttpListener {
  /** Where clients reach it. */
  readonly url: string;
  /** Ends every session and call, and stops listening. */
  close(): Promise<void>;
}

const PATH = "/mcp";

/**
 * Serves MCP at `/mcp` over streamable HTTP. Calls for another host name, or from a web page of
 * another site, are turned away before anything of them is read.
 *
 * @throws {ConfigurationError} `CONFIGURATION_INVALID`: an option is out of bounds or unsafe.
 */
export async function listenHttp(
  factory: McpServerFactory,
  { onError, ...given }: ListenOptions,
): Promise<HttpListener> {
  const options = resolveHttpOptions(given);
  const endpoint = createEndpoint(factory, { token: options.token, onError });
  const limits = { maxRequestBodySize: MAX_BODY_BYTES };
  const handle = toNodeHandler(endpoint, { ...limits, onerror: onError });
  const isWelcome = createGuard(options);
  const server = createServer((request, response) => {
    if (!isWelcome(request, response)) return;
    // Every request a server is given has its method and path; the types know only of both kinds.
    handle(request as NodeIncomingMessageLike, response).catch(onError);
  });
  const bound = await bind(server, options);
  return {
    url: `http://${urlHost(options.host)}:${bound}${PATH}`,
    async close() {
      await endpoint.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function createGuard({ hostNames, originNames }: ResolvedHttpOptions) {
  const isHostAllowed = hostNames ? hostHeaderValidation([...hostNames]) : () => true;
  const isOriginAllowed = originValidation([...originNames]);
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!isHostAllowed(request, response) || !isOriginAllowed(request, response)) return false;
    if (/^\/mcp\/?(\?|$)/.test(request.url ?? "")) return true;
    response.writeHead(404, { "content-type": "text/plain" }).end(`MCP is served at ${PATH}\n`);
    return false;
  };
}

async function bind(server: Server, { host, port }: ResolvedHttpOptions): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
