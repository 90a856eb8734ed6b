import { randomUUID } from "node:crypto";
import {
  type McpServerFactory,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

/** Clients that never say goodbye must not fill the memory: beyond this the longest unused one ends. */
const MAX_SESSIONS = 1_000;
const SESSION_HEADER = "mcp-session-id";

interface SessionLimits {
  /** Bytes of one message. */
  readonly maxRequestBodySize: number;
}

/**
 * Clients of the 2025 revisions, one server for each session: they are asked things and told of
 * cancellations over connections of their own, which a server per request could not tie together.
 */
export class LegacySessions {
  readonly #factory: McpServerFactory;
  readonly #limits: SessionLimits;
  /** The least recently used first. */
  readonly #sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  constructor(factory: McpServerFactory, limits: SessionLimits) {
    this.#factory = factory;
    this.#limits = limits;
  }

  /** Answers a request of a session, or the one that begins it. */
  async fetch(request: Request): Promise<Response> {
    const id = request.headers.get(SESSION_HEADER);
    if (id === null) return (await this.#begin(request)).handleRequest(request);
    const session = this.#sessions.get(id);
    if (!session) return unknownSession();
    this.#touch(id, session);
    return session.handleRequest(request);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
    this.#sessions.clear();
  }

  /** Whether the request may begin a session is the transport's to say; only then is it kept. */
  async #begin(request: Request): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport: WebStandardStreamableHTTPServerTransport =
      new WebStandardStreamableHTTPServerTransport({
        ...this.#limits,
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => this.#touch(id, transport),
        onsessionclosed: (id) => {
          this.#sessions.delete(id);
        },
      });
    const server = await this.#factory({ era: "legacy", requestInfo: request });
    await server.connect(transport);
    return transport;
  }

  #touch(id: string, transport: WebStandardStreamableHTTPServerTransport): void {
    this.#sessions.delete(id);
    this.#sessions.set(id, transport);
    const [oldest] = this.#sessions;
    if (this.#sessions.size <= MAX_SESSIONS || !oldest) return;
    this.#sessions.delete(oldest[0]);
    oldest[1].close().catch(() => {});
  }
}

/** Tells the client to begin anew, as the protocol has it: for example after a restart. */
function unknownSession(): Response {
  const error = { code: -32_001, message: "Session not found. Begin a new one." };
  return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 404 });
}
