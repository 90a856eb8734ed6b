import type { HttpContext } from "./operation.js";

/**
 * The network address a call came from: the socket's, since anybody can write a forwarding header.
 * Behind a proxy all strangers share its address, and so one quota.
 */
export function addressOf(http: HttpContext): string {
  return http.env?.incoming?.socket.remoteAddress ?? "in-process";
}
