import {
  Client,
  type ClientCapabilities,
  InMemoryTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { McpServerFactory } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { bin } from "./program.js";

export type Era = "legacy" | "modern";

/** What happened when the client was asked to open a link. */
export interface OpenedLink {
  readonly url: string;
  readonly message: string;
}

export interface TestClient extends AsyncDisposable {
  readonly client: Client;
  /** The links it was asked to open. */
  readonly links: readonly OpenedLink[];
}

export interface ConnectOptions {
  readonly era?: Era;
  /**
   * Declares that it opens links, and answers so. `never`: asks its user, who says nothing.
   * `forms-only`: declares forms instead. A function: does that first, then accepts.
   */
  readonly onLink?: "accept" | "decline" | "never" | "forms-only" | (() => Promise<unknown>);
  /** Leaves rounds of a call to the test. */
  readonly autoFulfill?: boolean;
}

/** A client of the given era, connected over `transport`. */
export async function connectClient(
  transport: Transport,
  { era = "modern", onLink, autoFulfill = true }: ConnectOptions = {},
): Promise<TestClient> {
  const elicitation = onLink === "forms-only" ? { form: {} } : { url: {} };
  const capabilities: ClientCapabilities = onLink ? { elicitation } : {};
  const client = new Client(
    { name: "test-client", version: "1.0.0" },
    {
      capabilities,
      inputRequired: { autoFulfill },
      versionNegotiation: { mode: era === "modern" ? { pin: "2026-07-28" } : "legacy" },
    },
  );
  const links: OpenedLink[] = [];
  if (onLink) {
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      if (params.mode !== "url") throw new Error("Expected a link, got a form.");
      links.push({ url: params.url, message: params.message });
      if (onLink === "never") await new Promise(() => {});
      if (typeof onLink === "function") await onLink();
      return { action: onLink === "decline" ? "decline" : "accept" };
    });
  }
  await client.connect(transport);
  return { client, links, [Symbol.asyncDispose]: () => client.close() };
}

/** A client in this process, of a server in this process: the very entry that serves stdio. */
export async function connectInMemory(
  factory: McpServerFactory,
  options?: ConnectOptions,
): Promise<TestClient> {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const handle = serveStdio(factory, { transport: serverSide });
  const connected = await connectClient(clientSide, options);
  return {
    ...connected,
    async [Symbol.asyncDispose]() {
      await connected.client.close();
      await handle.close();
    },
  };
}

/** A client that starts the program as hosts do. */
export async function connectStdio(
  environment: Readonly<Record<string, string>>,
  { args = [], ...options }: ConnectOptions & { readonly args?: readonly string[] } = {},
): Promise<TestClient & { readonly pid: number }> {
  const transport = new StdioClientTransport({
    ...bin(args),
    env: { ...environment },
    stderr: "pipe",
  });
  const connected = await connectClient(transport, options);
  const { pid } = transport;
  if (!pid) throw new Error("Expected the server to run.");
  return { ...connected, pid };
}

export function connectHttp(
  url: string,
  { token, ...options }: ConnectOptions & { readonly token?: string } = {},
): Promise<TestClient> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  return connectClient(transport, options);
}

/** Whether a process of this id is there. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
