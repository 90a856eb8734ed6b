// A help desk, as its API would be: it wants a token, and recognises a key that it has seen.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Ticket {
  readonly id: string;
  readonly title: string;
}

export interface Desk {
  readonly url: string;
  readonly tickets: readonly Ticket[];
  close(): void;
}

/** @param token - What its callers have to bring. */
export async function openDesk(token: string): Promise<Desk> {
  const byKey = new Map<string, Ticket>();
  const server = createServer(async (request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      return answer(response, 401, { error: "a token is missing" });
    }
    if (request.method === "POST") {
      const key = String(request.headers["idempotency-key"]);
      const { title } = JSON.parse(await read(request)) as { title: string };
      const ticket = byKey.get(key) ?? { id: `T-${byKey.size + 1}`, title };
      byKey.set(key, ticket);
      return answer(response, 201, ticket);
    }
    const id = request.url?.split("/").at(-1);
    const found = [...byKey.values()].find((ticket) => ticket.id === id);
    return answer(response, found ? 200 : 404, found ?? { error: "no such ticket" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get tickets() {
      return [...byKey.values()];
    },
    close: () => server.close(),
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
