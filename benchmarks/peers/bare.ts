import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParent } from "../lib/processes.js";

/** The least a held request can cost: node:http, a set of open answers, nothing else. */
const held = new Set<ServerResponse>();
const server = createServer((request, response) => {
  if (request.url === "/wake") {
    for (const waiting of held) waiting.end("{}");
    held.clear();
    response.end("{}");
  } else {
    held.add(response);
  }
});
server.requestTimeout = 0;
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  serveParent({ url: `http://127.0.0.1:${port}` }, async () => {
    server.closeAllConnections();
  });
});
