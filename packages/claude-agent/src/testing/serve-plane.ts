import { createServer, type IncomingMessage } from "node:http";
import {
  createTestControlPlane,
  type TestControlPlane,
  type TestControlPlaneOptions,
} from "@holdpoint/testing";

/** A control plane on a port, for programs that run in a process of their own. */
export async function servePlane(options: TestControlPlaneOptions = {}) {
  let plane: TestControlPlane | undefined;
  const server = createServer(async (request, response) => {
    const answer = await plane?.fetch(await toRequest(request, plane.url));
    response.writeHead(answer?.status ?? 503, Object.fromEntries(answer?.headers ?? []));
    response.end(answer && Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  plane = await createTestControlPlane({ ...options, url });
  return {
    plane,
    environment: { HOLDPOINT_URL: url, HOLDPOINT_API_KEY: plane.apiKey },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await plane.close();
    },
  };
}

async function toRequest(incoming: IncomingMessage, url: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const name of ["authorization", "content-type", "idempotency-key"]) {
    const value = incoming.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  return new Request(`${url}${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers,
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
}
