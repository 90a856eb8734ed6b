import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** One webhook as it came. */
export interface ReceivedCall {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the wire says
  readonly event: any;
}

type Answer = (response: ServerResponse, call: ReceivedCall) => void;

/** A real server that takes webhooks, on a port of its own. */
export class Receiver implements AsyncDisposable {
  /** Answers each call. Default: 204. */
  answer: Answer = (response) => response.writeHead(204).end();
  readonly calls: ReceivedCall[] = [];
  readonly port: number;
  readonly #server: Server;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("request", (request, response) => void this.#take(request, response));
  }

  static async start(port = 0): Promise<Receiver> {
    const server = createServer();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return new Receiver(server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/holdpoint`;
  }

  get ids(): (string | undefined)[] {
    return this.calls.map(({ headers }) => headers["webhook-id"]);
  }

  /** The next call that has not been given out, as soon as it is there. */
  async next(): Promise<ReceivedCall> {
    while (this.calls.length <= this.#taken) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#taken += 1;
    return this.calls[this.#taken - 1] as ReceivedCall;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await buffer(request)).toString("utf8");
    const headers = request.headers as Record<string, string>;
    const call = { path: request.url ?? "", headers, body, event: JSON.parse(body || "null") };
    this.calls.push(call);
    this.answer(response, call);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
