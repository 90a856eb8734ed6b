import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Random } from "../harness/random.js";
import type { Fault, FaultPlan } from "./fault.js";

/** The longest a call is held up, in milliseconds. */
const MAX_DELAY_MS = 40;

/** Stands between a client and a server, and lets things happen to the calls. */
export interface FaultyProxy extends AsyncDisposable {
  readonly url: string;
  /** How often each fault has happened. */
  readonly counts: ReadonlyMap<Fault, number>;
  /** Resolves when everything that was to reach the server late has reached it. */
  settled(): Promise<void>;
}

/** One call as it came, to be sent as often as the plan wants. */
interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export async function startFaultyProxy(options: {
  readonly target: string;
  readonly plan: FaultPlan;
  readonly random: Random;
}): Promise<FaultyProxy> {
  const { target, plan, random } = options;
  const agent = new Agent({ keepAlive: true });
  const counts = new Map<Fault, number>();
  const late = new Set<Promise<unknown>>();
  const server = createServer((incoming, outgoing) => {
    const fault = plan({ method: incoming.method ?? "GET" });
    if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    pass(incoming, outgoing, fault).catch(() => outgoing.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse, fault?: Fault) {
    const { method = "GET", url: path = "/", headers } = incoming;
    const call: Call = { method, path, headers, body: await buffer(incoming) };
    if (fault === "drop-request") return reset(outgoing);
    if (fault === "cut-request") {
      await sendHalf(target, call);
      return reset(outgoing);
    }
    if (fault === "delay-request") await pause(random);
    const copies = [send(call, outgoing), ...(fault === "duplicate" ? [send(call)] : [])];
    // All of them have arrived before the client learns of one.
    await Promise.allSettled(copies);
    const answer = await random.pick(copies);
    if (fault === "repeat-later") repeatLater(call);
    if (fault === "delay-answer") await pause(random);
    give(outgoing, answer, fault);
  }

  function repeatLater(call: Call): void {
    const repeat = pause(random).then(() => send(call));
    // Where it comes too late for anybody to listen, a held call need not be held.
    const done = repeat.catch(() => {}).finally(() => late.delete(done));
    late.add(done);
  }

  /** @param client - When it goes, so does the call. */
  function send({ method, path, headers, body }: Call, client?: ServerResponse): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const upstream = sendRequest(target + path, { method, headers, agent }, (response) => {
        buffer(response).then(
          (content) =>
            resolve({
              status: response.statusCode ?? 502,
              headers: response.headers,
              body: content,
            }),
          reject,
        );
      });
      upstream.on("error", reject);
      const leave = () => upstream.destroy();
      client?.once("close", leave);
      upstream.once("close", () => client?.off("close", leave));
      upstream.end(body);
    });
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async settled() {
      await Promise.all(late);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await Promise.all(late);
    },
  };
}

function give(outgoing: ServerResponse, { status, headers, body }: Answer, fault?: Fault): void {
  if (fault === "silence") return;
  if (fault === "lose-answer") {
    reset(outgoing);
    return;
  }
  const { connection: _, ...kept } = headers;
  outgoing.writeHead(status, kept);
  if (fault !== "truncate-answer" && fault !== "reset-answer") {
    outgoing.end(body);
    return;
  }
  // The headers promise the whole of it.
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    if (fault === "reset-answer") reset(outgoing);
    else outgoing.socket?.destroy();
  });
}

function reset(outgoing: ServerResponse): void {
  outgoing.socket?.resetAndDestroy();
}

/** Opens a connection of its own, sends half of the call and resets it. */
async function sendHalf(target: string, { method, path, headers, body }: Call): Promise<void> {
  const { hostname, port } = new URL(target);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => {});
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const half =
    body.length === 0 ? head.subarray(0, head.length / 2) : body.subarray(0, body.length / 2);
  const bytes = body.length === 0 ? half : Buffer.concat([head, half]);
  await new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
    socket.write(bytes, () => socket.resetAndDestroy());
  });
}

async function pause(random: Random): Promise<void> {
  const delayMs = random.integer(0, MAX_DELAY_MS);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
}
