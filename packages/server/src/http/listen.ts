import type { Server, ServerResponse } from "node:http";
import { type ListenOptions, Server as NetServer } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import { createAdaptorServer } from "@hono/node-server";
import type { App } from "./app.js";
import { clearSocket, restrictSocket } from "./socket.js";

/** How long answers under way may still take once we close, in milliseconds. */
const GRACE_MS = 5_000;

/** How long calls may be on their way once we close, in milliseconds: over idle connections and new ones. */
const QUIET_MS = 250;

const SWEEP_MS = 50;

/** Connections that may wait to be accepted: a fleet of agents reconnects all at once. */
const BACKLOG = 4_096;

/** Serves the app on a port. @throws what `listen` throws, for example `EADDRINUSE`. */
export function listen(
  app: App,
  { port, hostname }: { readonly port: number; readonly hostname: string },
): Promise<Server> {
  return open(app, { port, host: hostname });
}

/**
 * Serves the app on a Unix socket.
 *
 * @param place.mode - Who may connect, as file permissions.
 * @throws what {@link clearSocket} and `listen` throw.
 */
export async function listenOnSocket(
  app: App,
  { path, mode }: { readonly path: string; readonly mode: number },
): Promise<Server> {
  await clearSocket(path);
  const server = await withoutAccess(() => open(app, { path }));
  restrictSocket(path, mode);
  return server;
}

async function open(app: App, place: ListenOptions): Promise<Server> {
  const server = createAdaptorServer({
    fetch: (request, bindings) => app(request, bindings as Parameters<App>[1]),
    serverOptions: {
      // Longer than a held request's client pauses between two of them.
      keepAliveTimeout: 65_000,
      headersTimeout: 20_000,
      // An upload of 1 GiB over a slow line. JSON bodies have a deadline of their own.
      requestTimeout: 3_600_000,
    },
  }) as Server;
  trackAnswers(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...place, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return server;
}

/**
 * Takes in who has connected, stops listening, lets answers under way finish, then ends what is left.
 *
 * Whoever calls over a connection that is open already is answered once more, and told to close it:
 * cut while idle, it could be cut just as the next call sets out.
 */
export async function shut(server: Server): Promise<void> {
  await acceptConnected(server);
  // Not before: whoever is told to close connects anew, and would be cut off with what listens.
  sayGoodbye(server);
  const closed = new Promise<void>((resolve) => {
    // The method of http.Server would cut idle connections before it returns.
    NetServer.prototype.close.call(server, () => resolve());
  });
  const lastCall = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  let sweep: NodeJS.Timeout | undefined;
  const quiet = setTimeout(() => {
    // Connections become idle as their last answer leaves; nobody tells, so look.
    sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  }, QUIET_MS);
  await closed;
  for (const timer of [lastCall, quiet, sweep]) clearTimeout(timer);
}

/**
 * Whoever has connected while the process was busy waits to be accepted, and would be cut off with the
 * call. Node accepts one of them each time it looks at its sockets, which it does between two turns.
 */
async function acceptConnected(server: Server): Promise<void> {
  const until = performance.now() + QUIET_MS;
  let accepted = true;
  const note = () => {
    accepted = true;
  };
  server.on("connection", note);
  while (accepted && performance.now() < until) {
    accepted = false;
    await nextTurn();
    await nextTurn();
  }
  server.off("connection", note);
}

/** Makes every answer from now on the last of its connection. */
function sayGoodbye(server: Server): void {
  const goodbye = (outgoing: ServerResponse) => {
    if (!outgoing.headersSent) outgoing.setHeader("Connection", "close");
  };
  for (const outgoing of underWay.get(server) ?? []) goodbye(outgoing);
  server.prependListener("request", (_incoming, outgoing) => goodbye(outgoing));
}

/** The answers each server has still to give. */
const underWay = new WeakMap<Server, Set<ServerResponse>>();

function trackAnswers(server: Server): void {
  const answers = new Set<ServerResponse>();
  underWay.set(server, answers);
  server.prependListener("request", (_incoming, outgoing) => {
    answers.add(outgoing);
    outgoing.once("close", () => answers.delete(outgoing));
  });
}

/**
 * Binds a socket that nobody can open yet: it is bound before `bind` gives its promise. A worker thread
 * cannot do that, and relies on its folder for the moment.
 */
function withoutAccess<Bound>(bind: () => Promise<Bound>): Promise<Bound> {
  if (!isMainThread) return bind();
  const before = process.umask(0o777);
  try {
    return bind();
  } finally {
    process.umask(before);
  }
}
