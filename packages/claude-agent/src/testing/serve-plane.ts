import { createServer, type IncomingMessage } from "node:http";
import type { TestControlPlane } from "@holdpoint/testing";

/** Puts a control plane on a port, for programs that run in a process of their own. */
export async function servePlane(plane: TestControlPlane) {
  const server = createServer(async (request, response) => {
    const answer = await plane.fetch(await toRequest(request, plane.url));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    environment: {
      HOLDPOINT_URL: `http://127.0.0.1:${port}`,
      HOLDPOINT_API_KEY: plane.apiKey,
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function toRequest(incoming: IncomingMessage, url: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = "GET", headers } = incoming;
  return new Request(`${url}${incoming.url}`, {
    method,
    headers: { authorization: headers.authorization ?? "", "content-type": "application/json" },
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
}
