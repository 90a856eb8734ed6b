import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebhookHandler } from "@holdpoint/sdk";
import type { ServedControlPlane } from "./control-plane.js";

/** A program of a user's, on a port of its own, with a handler behind Node's server. */
export interface ServedHandler extends AsyncDisposable {
  readonly url: string;
  /** Every body posted so far. */
  readonly bodies: readonly string[];
}

export async function serveHandler(handle: WebhookHandler): Promise<ServedHandler> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    bodies.push(body.toString());
    const headers = request.headers as Record<string, string>;
    const answer = await handle(new Request("http://app", { method: "POST", headers, body }));
    response.writeHead(answer.status).end(await answer.text());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    bodies,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Tells the control plane where to post. */
export async function addEndpoint(
  holdpoint: ServedControlPlane,
  url: string,
  types: readonly string[],
): Promise<{ readonly id: string; readonly secret: string }> {
  const body = JSON.stringify({ url, event_types: types });
  const made = await holdpoint.operate("/v1/webhook-endpoints", { method: "POST", body });
  return (await made.json()) as { id: string; secret: string };
}
