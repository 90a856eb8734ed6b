import { createServer } from "node:http";
import type { WireList, WireRequest, WireWebhookDelivery } from "@holdpoint/protocol";
import { Holdpoint, type WebhookHandler } from "@holdpoint/sdk";
import { createControlPlane } from "@holdpoint/server";
import { getRequestListener } from "@hono/node-server";

/** A control plane on a real port that posts its webhooks to a handler on another. */
export interface ServedPlane extends AsyncDisposable {
  client(): Holdpoint;
  /** The secret of the one endpoint there is. */
  readonly secret: string;
  /** What answers the webhooks from now on. */
  answerWith(handler: WebhookHandler): void;
  pending(): Promise<readonly WireRequest[]>;
  approve(id: string): Promise<void>;
  /** How often the handler has answered with 2xx. */
  answered(): number;
  deliveries(): Promise<readonly WireWebhookDelivery[]>;
  /** Sends a delivery again, as an admin may. */
  replay(delivery: WireWebhookDelivery): Promise<void>;
  /** Posts to the handler as a stranger would. */
  post(body: string): Promise<number>;
}

export async function servePlane(): Promise<ServedPlane> {
  const plane = await createControlPlane({
    storage: { kind: "memory" },
    masterKey: Buffer.alloc(32, 5).toString("base64url"),
    rateLimits: false,
    allowLoopbackWebhooks: true,
    logger: { info() {}, warn() {}, error() {} },
  });
  const { projectId, operatorId } = await plane.admin.bootstrap({
    email: "ada@example.com",
    name: "Ada Lovelace",
    projectName: "Acme",
  });
  const { url } = await plane.start({ port: 0, hostname: "127.0.0.1" });
  const { apiKey } = await plane.admin.createApiKey(projectId, { agent: "conformance" });
  const { token } = await plane.admin.createOperatorToken(projectId, operatorId, { name: "test" });
  const operate = createOperator(url, token);
  const receiver = await serveReceiver();
  const { secret } = await operate<{ secret: string }>("POST", "/v1/webhook-endpoints", {
    url: receiver.url,
    event_types: ["request.approved", "request.rejected"],
  });
  const list = async <Item>(path: string) => (await operate<WireList<Item>>("GET", path)).data;
  return {
    secret,
    client: () => new Holdpoint({ apiKey, baseUrl: url }),
    answerWith: receiver.answerWith,
    answered: receiver.answered,
    pending: () => list<WireRequest>("/v1/requests?status=PENDING"),
    approve: (id) =>
      operate("POST", `/v1/requests/${id}/decision`, { decision: "approve", revision: 1 }),
    deliveries: () => list<WireWebhookDelivery>("/v1/webhook-deliveries"),
    replay: ({ id }) => operate("POST", `/v1/webhook-deliveries/${id}/replay`),
    post: async (body) => (await fetch(receiver.url, { method: "POST", body })).status,
    async [Symbol.asyncDispose]() {
      await plane.close();
      await receiver.close();
    },
  };
}

function createOperator(url: string, token: string) {
  return async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  };
}

async function serveReceiver() {
  let handler: WebhookHandler = async () => new Response(null, { status: 503 });
  let answered = 0;
  const listener = getRequestListener(async (request) => {
    const response = await handler(request);
    if (response.ok) answered += 1;
    return response;
  });
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://localhost:${port}/`,
    answered: () => answered,
    answerWith(next: WebhookHandler) {
      handler = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
