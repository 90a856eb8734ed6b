import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** One webhook as it came. */
export interface ReceivedCall {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

type Answer = (response: ServerResponse, call: ReceivedCall) => void;

/** A real server that takes webhooks, on a port of its own. */
export class Receiver {
  /** Answers each call. Default: 204. */
  answer: Answer = (response) => response.writeHead(204).end();
  readonly calls: ReceivedCall[] = [];
  readonly #server: Server;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => void this.#take(request, response));
  }

  static async start(port = 0): Promise<Receiver> {
    const server = createServer();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return new Receiver(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/holdpoint`;
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
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await buffer(request)).toString("utf8");
    const headers = request.headers as Record<string, string>;
    const call = { path: request.url ?? "", headers, body };
    this.calls.push(call);
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.answer(response, call);
  }
}
