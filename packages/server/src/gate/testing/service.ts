import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** One call as the service got it. */
export interface ServedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real server that an action may call, on a port of its own. */
export class Service implements AsyncDisposable {
  readonly calls: ServedCall[] = [];
  readonly port: number;
  /** Answers each call. Default: 200 with `{"ok":true}`. */
  answer: (response: ServerResponse, call: ServedCall) => void = (response) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
  readonly #server: Server;
  readonly #isTls: boolean;

  private constructor(server: Server, isTls: boolean) {
    this.#server = server;
    this.#isTls = isTls;
    this.port = (server.address() as AddressInfo).port;
    server.on("request", (request, response) => void this.#take(request, response));
  }

  /** @param tls - Over TLS, with this key and certificate. */
  static async start(tls?: ServerOptions): Promise<Service> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    server.on("tlsClientError", () => {});
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Service(server, tls !== undefined);
  }

  get origin(): string {
    return `${this.#isTls ? "https" : "http"}://127.0.0.1:${this.port}`;
  }

  /** Answers every call with JSON. */
  answerJson(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.answer = (response) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = request;
    const call = { method, path, headers, body: (await buffer(request)).toString("utf8") };
    this.calls.push(call);
    this.answer(response, call);
  }
}
