import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createTestControlPlane,
  type TestControlPlane,
  type TestControlPlaneOptions,
} from "@holdpoint/testing";
import { type NodeIncomingMessageLike, toNodeHandler } from "@modelcontextprotocol/node";

/** A test control plane that other processes reach too. */
export interface ListeningPlane extends TestControlPlane {
  /** What a process needs to call it as the agent. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts a control plane behind a real port. */
export async function listenPlane(options?: TestControlPlaneOptions): Promise<ListeningPlane> {
  const plane = await createTestControlPlane(options);
  const handle = toNodeHandler({ fetch: (request) => plane.fetch(request) });
  const server = createServer((request, response) => {
    void handle(request as NodeIncomingMessageLike, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await plane.close();
  };
  return {
    ...plane,
    // A process has to start, and to compile what it needs, before it asks.
    waitForRequest: (match) => plane.waitForRequest(match, { timeoutMs: 60_000 }),
    environment: {
      HOLDPOINT_API_KEY: plane.apiKey,
      HOLDPOINT_URL: `http://127.0.0.1:${port}`,
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
