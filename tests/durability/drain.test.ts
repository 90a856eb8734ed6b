import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Holdpoint } from "@holdpoint/sdk";
import { expect, onTestFinished, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import { createFolder } from "../harness/folder.js";
import {
  createDataFolder,
  type DataFolder,
  type ServeProcess,
  startServe,
} from "../harness/serve.js";

const WRITERS = 8;
/** How long what is about to happen may take on a busy machine. */
const SOON = { timeout: 20_000 };
const HELD = 50;
/** What whoever runs the server gives it to stop, in milliseconds: less than any platform's default. */
const STOP_WITHIN_MS = 8_000;

test("[P-DRAIN] SIGTERM under load answers what is under way and what is held, takes nothing new, ends with 0", async () => {
  await using folder = await createFolder();
  const data = await createDataFolder(folder.path);
  await using server = await startServe(data);
  const waiting = await askToWait(server, data);
  const held = Array.from({ length: HELD }, () => hold(server, data, waiting));
  await expect.poll(() => readHeldCount(server), SOON).toBe(HELD);
  const created: string[] = [];
  const writers = Array.from({ length: WRITERS }, () => writeUntilRefused(server, data, created));
  await expect.poll(() => created.length, SOON).toBeGreaterThan(WRITERS * 5);

  const stoppedAt = performance.now();
  server.process.kill("SIGTERM");
  for (const answer of await Promise.all(held)) {
    expect(answer).toMatchObject({ id: waiting, status: "PENDING" });
  }
  // The bound of each call: refused or answered, never cut off in the middle.
  expect(await Promise.all(writers)).toEqual(Array(WRITERS).fill("refused"));
  expect(await server.ended).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(STOP_WITHIN_MS);
  expect(server.errors()).not.toMatch(/"level":(50|60)/);

  await using again = await startServe(data);
  const hp = new Holdpoint({ baseUrl: again.url, apiKey: data.apiKey });
  for (const id of created) expect((await hp.requests.get(id)).status).toBe("PENDING");
});

test("[P-DRAIN] an agent that begins to wait again while it closes is answered again", async () => {
  await using holdpoint = await serveControlPlane();
  const statuses: number[] = [];
  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    statuses.push(response.status);
    return response;
  };
  const leaving = new AbortController();
  const hp = holdpoint.client({ fetch: recording, signal: leaving.signal, maxRetries: 0 });
  const { id } = await hp.defer({ service: "billing", action: "refund", payload: 7 });
  const waiting = hp.wait(id).catch(() => {});
  const readHeld = async () => (await fetch(`${holdpoint.url}/metrics`)).text();
  await expect.poll(readHeld, SOON).toMatch(/^holdpoint_pending_waiters 1$/m);
  await holdpoint.plane.close();
  leaving.abort();
  await waiting;
  expect(statuses.filter((status) => status >= 500)).toEqual([]);
  expect(holdpoint.log.filter((line) => line.includes("unexpected failure"))).toEqual([]);
});

test("[P-DRAIN] what has begun to arrive at SIGTERM is still answered, and the connection ends with it", async () => {
  await using folder = await createFolder();
  const data = await createDataFolder(folder.path);
  await using server = await startServe(data);
  const body = JSON.stringify({ name: "second" });
  const { socket, answer } = await beginCall(server, data, "/v1/projects", body);
  server.process.kill("SIGTERM");
  await expect.poll(() => isListening(server), SOON).toBe(false);
  socket.write(body.slice(1));
  expect(await answer).toMatch(/^HTTP\/1\.1 201 [\s\S]*\r\nconnection: close\r\n/i);
  expect(await server.ended).toBe(0);
});

test("[P-DRAIN] a client that never finishes keeps nobody waiting for long", async () => {
  await using folder = await createFolder();
  const data = await createDataFolder(folder.path);
  await using server = await startServe(data);
  await beginCall(server, data, "/v1/projects", "{".repeat(10));
  const stoppedAt = performance.now();
  server.process.kill("SIGTERM");
  expect(await server.ended).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(STOP_WITHIN_MS);
});

test("[P-DRAIN] a webhook's receiver that does not answer keeps nobody waiting, and is sent it again", async () => {
  await using folder = await createFolder();
  const storage = { kind: "sqlite", path: join(folder.path, "holdpoint.db") } as const;
  let calls = 0;
  const receiver = createServer(() => {
    calls += 1;
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  await once(receiver, "listening");
  const { port } = receiver.address() as AddressInfo;
  {
    await using holdpoint = await serveControlPlane({ storage, allowLoopbackWebhooks: true });
    await holdpoint.operate("/v1/webhook-endpoints", {
      method: "POST",
      body: JSON.stringify({ url: `http://localhost:${port}/` }),
    });
    await holdpoint.client().defer({ service: "billing", action: "refund", payload: 7 });
    await expect.poll(() => calls, SOON).toBe(1);
    const stoppedAt = performance.now();
    await holdpoint.plane.close();
    expect(performance.now() - stoppedAt).toBeLessThan(STOP_WITHIN_MS);
  }
  await using _ = await serveControlPlane({ storage, allowLoopbackWebhooks: true });
  await expect.poll(() => calls, { timeout: 30_000 }).toBe(2);
});

test("[P-DRAIN] a second signal ends it at once", async () => {
  await using folder = await createFolder();
  const data = await createDataFolder(folder.path);
  await using server = await startServe(data);
  await beginCall(server, data, "/v1/projects", "{".repeat(10));
  server.process.kill("SIGTERM");
  await expect.poll(() => isListening(server), SOON).toBe(false);
  server.process.kill("SIGTERM");
  expect(await server.ended).toBe(130);
});

async function askToWait({ url }: ServeProcess, { apiKey }: DataFolder): Promise<string> {
  const hp = new Holdpoint({ baseUrl: url, apiKey });
  return (await hp.defer({ service: "billing", action: "refund", payload: { amount: 7 } })).id;
}

async function hold({ url }: ServeProcess, { apiKey }: DataFolder, id: string): Promise<unknown> {
  const response = await fetch(`${url}/v1/requests/${id}?wait_ms=30000`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  return response.json();
}

async function readHeldCount({ url }: ServeProcess): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^holdpoint_pending_waiters (\d+)$/m.exec(metrics)?.[1] ?? -1);
}

/** Creates one request after another, noting what was answered, until nobody accepts any more. */
async function writeUntilRefused(
  { url }: ServeProcess,
  { apiKey }: DataFolder,
  created: string[],
): Promise<string> {
  const hp = new Holdpoint({ baseUrl: url, apiKey, maxRetries: 0 });
  for (;;) {
    try {
      const { id } = await hp.defer({ service: "load", action: "write", payload: created.length });
      created.push(id);
    } catch (error) {
      const { cause } = (error as Error).cause as { cause?: { code?: string } };
      return cause?.code === "ECONNREFUSED" ? "refused" : `${error} (${String(cause)})`;
    }
  }
}

/** Sends the head of a POST and the first byte of its body. */
async function beginCall(
  { url }: ServeProcess,
  { operatorToken }: DataFolder,
  path: string,
  body: string,
): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(
    [
      `POST ${path} HTTP/1.1`,
      "Host: 127.0.0.1",
      `Authorization: Bearer ${operatorToken}`,
      "Content-Type: application/json",
      "Expect: 100-continue",
      `Content-Length: ${body.length}`,
      "",
      body.slice(0, 1),
    ].join("\r\n"),
  );
  // The server has read the head.
  await once(socket, "data");
  return { socket, answer: text(socket) };
}

async function isListening({ url }: ServeProcess): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    () => true,
    () => false,
  );
}
