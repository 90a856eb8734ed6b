import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { BenchClient } from "./lib/client.js";
import type { ControlPlaneReady } from "./lib/control-plane.js";
import { type ServerProcess, startServer } from "./lib/processes.js";
import { writeResult } from "./lib/report.js";
import { round } from "./lib/stats.js";

/** Two file descriptors each, client and server, stay below the usual hard limit per process. */
const WAITERS = 10_000;
const REQUESTS = 100;
const CONNECT_AT_ONCE = 200;
/** Until the server has read every request: the kernel connects faster than anybody answers. */
const SETTLE_MS = 5_000;

interface HeldFigures {
  readonly bytesPerWaiter: number;
  readonly wokenMs: number;
}

/** What an idle waiting agent costs the server, beside the least it could cost. */
export async function measureWaiters(): Promise<void> {
  const bare = await measurePeer("peers/bare.ts");
  const hono = await measurePeer("peers/hono.ts");
  const ours = await measureControlPlane();
  await writeResult({
    name: "waiters",
    about: `Resident memory of the server process per idle held request, ${WAITERS.toLocaleString("en")} of them on ${REQUESTS} requests, each on a connection of its own; then all are woken. Beside it the same with bare node:http and with bare Hono.`,
    rows: [
      row("Holdpoint", ours, `≤ 1.2 × bare, all woken ≤ 500 ms`),
      row("bare node:http", bare),
      row("bare Hono on @hono/node-server", hono),
      {
        figure: "Holdpoint ÷ bare node:http",
        value: `${round(ours.bytesPerWaiter / bare.bytesPerWaiter)} ×`,
        aim: "≤ 1.2 ×",
      },
      {
        figure: "Holdpoint ÷ bare Hono",
        value: `${round(ours.bytesPerWaiter / hono.bytesPerWaiter)} ×`,
      },
    ],
  });
}

function row(figure: string, { bytesPerWaiter, wokenMs }: HeldFigures, aim?: string) {
  const value = `${round(bytesPerWaiter / 1024)} KiB a waiter, all woken in ${round(wokenMs)} ms`;
  return { figure, value, ...(aim !== undefined && { aim }) };
}

async function measurePeer(file: string): Promise<HeldFigures> {
  await using server = await startServer<{ url: string }>(new URL(file, import.meta.url));
  const { url } = server.ready;
  const paths = Array.from({ length: WAITERS }, () => "/hold");
  // Awaited here, for the server lives only as long as this function.
  return await measureHeld(server, url, paths, {}, async () => {
    await (await fetch(`${url}/wake`)).text();
  });
}

async function measureControlPlane(): Promise<HeldFigures> {
  await using server = await startServer<ControlPlaneReady>(
    new URL("lib/control-plane.ts", import.meta.url),
  );
  const { url, apiKey } = server.ready;
  const client = new BenchClient(server.ready, 16);
  const requests = await Promise.all(Array.from({ length: REQUESTS }, () => client.create()));
  const paths = Array.from(
    { length: WAITERS },
    (_, index) => `/v1/requests/${requests[index % REQUESTS]?.id}?wait_ms=30000`,
  );
  const headers = { authorization: `Bearer ${apiKey}` };
  const figures = await measureHeld(server, url, paths, headers, async () => {
    await Promise.all(requests.map((request) => client.approve(request)));
  });
  await client.close();
  return figures;
}

async function measureHeld(
  server: ServerProcess<unknown>,
  url: string,
  paths: readonly string[],
  headers: Record<string, string>,
  wakeAll: () => Promise<void>,
): Promise<HeldFigures> {
  const before = await server.residentBytes();
  const held: HeldSocket[] = [];
  for (let next = 0; next < paths.length; next += CONNECT_AT_ONCE) {
    const batch = paths.slice(next, next + CONNECT_AT_ONCE);
    held.push(...(await Promise.all(batch.map((path) => hold(new URL(path, url), headers)))));
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const after = await server.residentBytes();
  const started = performance.now();
  await Promise.all([wakeAll(), ...held.map(({ answered }) => answered)]);
  const wokenMs = performance.now() - started;
  for (const { socket } of held) socket.destroy();
  return { bytesPerWaiter: (after - before) / held.length, wokenMs };
}

interface HeldSocket {
  readonly socket: Socket;
  readonly answered: Promise<void>;
}

/** A GET on a bare socket: ten thousand HTTP clients would blur what the server does. */
async function hold(url: URL, headers: Record<string, string>): Promise<HeldSocket> {
  const socket = connect(Number(url.port), url.hostname);
  await once(socket, "connect");
  const lines = Object.entries({ host: url.host, ...headers }).map((pair) => pair.join(": "));
  const answered = once(socket, "data").then(([chunk]) => {
    const status = (chunk as Buffer).subarray(0, 15).toString();
    if (status !== "HTTP/1.1 200 OK") throw new Error(`Expected 200, got ${status}.`);
  });
  // Awaited with all others once they are woken; until then a failure is not unhandled.
  answered.catch(() => {});
  socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  return { socket, answered };
}
