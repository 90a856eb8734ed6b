import {
  type CallToolResult,
  Client,
  type ProgressCallback,
  ProtocolError,
  type Tool,
} from "@modelcontextprotocol/client";
import manifest from "../../../package.json" with { type: "json" };
import type { ServerConfig } from "../config/schema.js";
import { createBackoff } from "./backoff.js";
import { UpstreamError } from "./error.js";
import { createTransport } from "./transport.js";

export interface UpstreamOptions {
  readonly name: string;
  readonly server: ServerConfig;
  /** Its tools are not what they were. */
  readonly onToolsChanged: (upstream: Upstream) => void;
  /** What goes wrong beside the calls. */
  readonly onError: (error: Error) => void;
}

export interface UpstreamCall {
  readonly tool: Tool;
  readonly args: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressCallback | undefined;
}

/** Far enough for a package that npx has to fetch first. */
const CONNECT_TIMEOUT_MS = 60_000;
const DEFAULT_CALL_TIMEOUT_MS = 300_000;

/**
 * A server behind the gateway: started, or connected to, when it is first needed, and again when it
 * is needed after it has ended.
 */
export class Upstream {
  readonly name: string;
  readonly server: ServerConfig;
  readonly #options: UpstreamOptions;
  readonly #backoff = createBackoff();
  #client: Promise<Client> | undefined;
  /** The same, once it is connected. */
  #live: Client | undefined;
  #isClosed = false;

  constructor(options: UpstreamOptions) {
    this.name = options.name;
    this.server = options.server;
    this.#options = options;
  }

  /**
   * Its tools as they are now.
   *
   * @throws {UpstreamError} `UPSTREAM_UNAVAILABLE`.
   */
  async listTools(): Promise<readonly Tool[]> {
    const client = await this.#connect();
    try {
      // Older answers, which the library keeps, would hide a change.
      const { tools } = await client.listTools(undefined, { cacheMode: "refresh" });
      return tools;
    } catch (cause) {
      this.#drop(client);
      throw this.#unavailable("did not list its tools", cause);
    }
  }

  /**
   * Calls one of its tools; what it answers comes back as it is.
   *
   * @throws {ProtocolError} what the server answers in place of a result.
   * @throws {UpstreamError}
   * @throws `signal.reason`, when aborted; the server is told.
   */
  async call({ tool, args, signal, onProgress }: UpstreamCall): Promise<CallToolResult> {
    const client = await this.#connect();
    // Without its output schema: whether a result fits is for the client in front to see.
    const { outputSchema: _, ...definition } = tool;
    try {
      const result = await client.callTool(
        { name: tool.name, arguments: { ...args } },
        {
          toolDefinition: definition,
          timeout: this.server.call_timeout_ms ?? DEFAULT_CALL_TIMEOUT_MS,
          ...(signal && { signal }),
          ...(onProgress && { onprogress: onProgress }),
        },
      );
      this.#backoff.reset();
      return result;
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof ProtocolError) throw cause;
      this.#drop(client);
      throw new UpstreamError({
        code: "UPSTREAM_LOST",
        message: `The server ${this.name} ended, or did not answer in time, while it ran ${tool.name}. Whether it had its effect is not known.`,
        cause,
      });
    }
  }

  /** Ends it; a program that was started is stopped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client?.catch(() => undefined);
    await client?.close();
  }

  async #connect(): Promise<Client> {
    if (this.#isClosed) throw this.#unavailable("is not started any more: the gateway ends");
    if (this.#client === undefined) {
      const waitMs = this.#backoff.remainingMs();
      if (waitMs > 0) {
        const seconds = Math.ceil(waitMs / 1_000);
        throw this.#unavailable(`ended or did not start; it is tried again in ${seconds} s`);
      }
      this.#client = this.#open();
    }
    return this.#client;
  }

  async #open(): Promise<Client> {
    const { server, onToolsChanged, onError } = this.#options;
    const client = new Client(
      { name: "holdpoint-gateway", version: manifest.version },
      {
        // Over stdio finding out would start the program twice, and every server speaks the old form.
        versionNegotiation: { mode: "url" in server ? "auto" : "legacy" },
        listChanged: {
          tools: { autoRefresh: false, debounceMs: 50, onChanged: () => onToolsChanged(this) },
        },
      },
    );
    client.onerror = onError;
    try {
      await client.connect(createTransport(server), { timeout: CONNECT_TIMEOUT_MS });
    } catch (cause) {
      this.#forget();
      await client.close().catch(() => {});
      throw this.#unavailable("did not start", cause);
    }
    this.#live = client;
    client.onclose = () => this.#forget(client);
    return client;
  }

  /** Ends a connection that cannot be relied on. Nobody has to wait until it has ended. */
  #drop(client: Client): void {
    this.#forget(client);
    client.close().catch(() => {});
  }

  /** The next call connects anew. A connection that was forgotten before says nothing of its successor. */
  #forget(client?: Client): void {
    if (client !== this.#live) return;
    this.#live = undefined;
    this.#client = undefined;
    this.#backoff.fail();
  }

  #unavailable(what: string, cause?: unknown): UpstreamError {
    return new UpstreamError({
      code: "UPSTREAM_UNAVAILABLE",
      message: `The server ${this.name} ${what}. Nothing ran.`,
      cause,
    });
  }
}
