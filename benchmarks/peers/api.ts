import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParent } from "../lib/processes.js";

/** Where the service that the action calls listens. */
export interface ApiReady {
  readonly url: string;
}

// A service as quick as one can be, so that what is measured is the way to it.
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(201, { "content-type": "application/json" });
    response.end('{"id":"tck_2291","state":"open"}');
  });
});
// The rounds of the other side are longer than connections are kept by default.
server.keepAliveTimeout = 120_000;
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;

const ready: ApiReady = { url: `http://127.0.0.1:${port}` };
serveParent(ready, async () => {
  server.closeAllConnections();
  server.close();
});
