import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { App } from "./app.js";

/** How long answers under way may still take once we close, in milliseconds. */
const GRACE_MS = 5_000;

/** Connections that may wait to be accepted: a fleet of agents reconnects all at once. */
const BACKLOG = 4_096;

/** Serves the app. @throws what `listen` throws, for example `EADDRINUSE`. */
export async function listen(
  app: App,
  { port, hostname }: { readonly port: number; readonly hostname: string },
): Promise<Server> {
  const server = createAdaptorServer({
    fetch: (request, bindings) => app(request, bindings as Parameters<App>[1]),
    serverOptions: {
      // Longer than a held request's client pauses between two of them.
      keepAliveTimeout: 65_000,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
    },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: hostname, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return server;
}

/** Stops listening, lets answers under way finish, then ends what is left. */
export async function shut(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const lastCall = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  // Connections become idle as their last answer leaves; nobody tells, so look.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(lastCall);
  clearInterval(sweep);
}
