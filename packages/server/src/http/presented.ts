import type { Socket } from "node:net";
import type { PresentedCredentials } from "../auth/authenticate.js";
import { PROJECT_HEADER } from "../auth/authorize.js";
import type { HttpContext } from "./operation.js";

/** What a server without a port is called: on a Unix socket, and in the same process. */
const PORTLESS_ORIGIN = "http://localhost";

/**
 * What a call shows of who sends it. On a socket the headers are read where Node keeps them: a
 * `Headers` object would stay alive with every held call.
 *
 * @param publicUrl - Where people reach the server.
 */
export function presentedBy({ env, req }: HttpContext, publicUrl: string): PresentedCredentials {
  const incoming = env?.incoming;
  const origins = [new URL(publicUrl).origin, ...originsOf(incoming?.socket)];
  const path = pathOf(req.raw.url);
  const urls = origins.map((origin) => `${origin}${path}`);
  const { method } = req.raw;
  if (incoming === undefined) {
    return {
      authorization: req.header("Authorization"),
      cookie: req.header("Cookie"),
      projectId: req.header(PROJECT_HEADER),
      proof: { text: req.header("DPoP"), method, urls },
      origins,
    };
  }
  const { authorization, cookie, dpop } = incoming.headers;
  const projectId = incoming.headers[PROJECT_HEADER.toLowerCase()];
  return {
    authorization,
    cookie,
    projectId: Array.isArray(projectId) ? projectId.join(", ") : projectId,
    proof: { text: Array.isArray(dpop) ? dpop.join(", ") : dpop, method, urls },
    origins,
  };
}

/** By where the connection came in, which nobody can write into a header. */
function originsOf(socket: Socket | undefined): readonly string[] {
  if (socket?.localAddress === undefined) return [PORTLESS_ORIGIN];
  const address = socket.localAddress.replace(/^::ffff:/, "");
  const host = address.includes(":") ? `[${address}]` : address;
  const origin = `http://${host}:${socket.localPort}`;
  const isLoopback = host === "[::1]" || host.startsWith("127.");
  return isLoopback ? [origin, `http://localhost:${socket.localPort}`] : [origin];
}

/** As it was sent: what a URL parser would make of it is not what was routed. */
function pathOf(url: string): string {
  const [, path = "/"] = /^[^/]*\/\/[^/?#]*([^?#]*)/.exec(url) ?? [];
  return path === "" ? "/" : path;
}
