import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Holdpoint } from "@holdpoint/sdk";
import type { Server } from "@modelcontextprotocol/server";
import { Calls } from "./call/calls.js";
import { CHECK_TOOL } from "./call/text.js";
import { Catalog } from "./catalog.js";
import type { LoadedConfig } from "./config/load.js";
import { createServer } from "./server.js";
import { Upstream } from "./upstream/upstream.js";

export interface GatewayOptions {
  readonly config: LoadedConfig;
  readonly holdpoint: Holdpoint;
  readonly environment?: string | undefined;
  /** Milliseconds a call waits for a person. */
  readonly waitMs: number;
  /** Default: one drawn for this process. */
  readonly runId?: string | undefined;
  /** What goes wrong beside the calls. */
  readonly onError: (error: Error) => void;
}

/** Holdpoint in front of other MCP servers. */
export interface Gateway {
  /** Makes the server of a connection. */
  createServer(): Server;
  /** Ends the servers behind it, once what runs under approvals is done or its time is over. */
  close(): Promise<void>;
}

/** Longer, and the host would kill the process all the same. */
const DRAIN_MS = 5_000;

/** Servers behind it start at once, so that the first list has them. */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, holdpoint, environment, waitMs, onError } = options;
  const runId = options.runId ?? `gateway_${randomUUID()}`;
  const servers = new Set<Server>();
  const notify = () => {
    // A connection that does not listen, or is gone, misses nothing.
    for (const server of servers) server.sendToolListChanged().catch(() => {});
  };
  const upstreams = Object.entries(config.servers).map(
    ([name, server]) =>
      new Upstream({
        name,
        server,
        onError,
        onToolsChanged: (upstream) => catalog.refresh(upstream).then(notify, onError),
      }),
  );
  const ownNames = new Set([CHECK_TOOL]);
  const catalog = new Catalog({ upstreams, ownNames, onError, onLate: notify });
  const calls = new Calls({ holdpoint, catalog, environment, runId, waitMs });
  catalog.warmUp();
  return {
    createServer() {
      const server = createServer({ catalog, calls });
      servers.add(server);
      server.onclose = () => servers.delete(server);
      return server;
    },
    async close() {
      await Promise.race([calls.drain(), delay(DRAIN_MS, undefined, { ref: false })]);
      await Promise.all(upstreams.map((upstream) => upstream.close()));
      await holdpoint.flush();
    },
  };
}
