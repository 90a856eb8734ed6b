import { createServer, type IncomingMessage } from "node:http";
import { type ActWorld, createActWorld } from "@holdpoint/adapter-conformance/act-world";
import {
  createTestControlPlane,
  type TestControlPlane,
  type TestControlPlaneOptions,
} from "@holdpoint/testing";

/** A control plane on a port, for programs that run in a process of their own. */
export function servePlane(options: TestControlPlaneOptions = {}) {
  return serve<TestControlPlane>((url) => createTestControlPlane({ ...options, url }));
}

/** The same with actions of the gate. */
export function serveActions() {
  return serve<ActWorld>(createActWorld);
}

interface Plane extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
  readonly fetch: typeof globalThis.fetch;
}

async function serve<Served extends Plane>(start: (url: string) => Promise<Served>) {
  let plane: Served | undefined;
  const server = createServer(async (request, response) => {
    const answer = await plane?.fetch(await toRequest(request, plane.url));
    response.writeHead(answer?.status ?? 503, Object.fromEntries(answer?.headers ?? []));
    response.end(answer && Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  const started = await start(url);
  plane = started;
  return {
    plane: started,
    environment: { HOLDPOINT_URL: url, HOLDPOINT_API_KEY: started.apiKey },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await started[Symbol.asyncDispose]();
    },
  };
}

async function toRequest(incoming: IncomingMessage, url: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const name of ["authorization", "content-type", "dpop", "idempotency-key"]) {
    const value = incoming.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  return new Request(`${url}${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers,
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
}
