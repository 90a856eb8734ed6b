import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ConfigurationError, ConnectionError, Holdpoint } from "../index.js";
import { resolveOptions } from "../options.js";
import { API_KEY, REQUEST_ID, wireRequest } from "../test-kit/fixtures.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hp-socket-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function serve(
  answer: RequestListener,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = join(folder, "holdpoint.sock");
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { path, [Symbol.asyncDispose]: close };
}

test("calls go over a Unix socket, under the name the control plane has there", async () => {
  const seen: unknown[] = [];
  await using server = await serve((request, response) => {
    request.setEncoding("utf8").on("data", (body) => seen.push(JSON.parse(body).service));
    request.on("end", () => {
      seen.push(request.method, request.url, request.headers.host, request.headers.authorization);
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify(wireRequest({ payload: "für €" })));
    });
  });
  const hp = new Holdpoint({ apiKey: API_KEY, socketPath: server.path });
  const asked = { id: REQUEST_ID, service: "billing", action: "refund", payload: "für €" };
  expect((await hp.defer(asked)).id).toBe(REQUEST_ID);
  expect(seen).toEqual(["billing", "POST", "/v1/requests", "localhost", `Bearer ${API_KEY}`]);
});

test("a redirect is not followed, and an answer without content is one", async () => {
  await using server = await serve((request, response) => {
    if (request.method === "DELETE") response.writeHead(204).end();
    else response.writeHead(302, { location: "http://elsewhere.test/" }).end();
  });
  const hp = new Holdpoint({ apiKey: API_KEY, socketPath: server.path });
  await expect(hp.me()).rejects.toMatchObject({ code: "RESPONSE_INVALID", status: 302 });
  await expect(hp.records.delete({ key: "key" })).resolves.toBeUndefined();
});

test("nobody there is a failed connection, and an abort is its own reason", async () => {
  const hp = new Holdpoint({ apiKey: API_KEY, socketPath: join(folder, "none"), maxRetries: 0 });
  const error = await hp.me().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConnectionError);
  expect((error as Error).message).toContain("ENOENT");
  const controller = new AbortController();
  const reason = new Error("left");
  await using server = await serve(() => controller.abort(reason));
  const quiet = new Holdpoint({ apiKey: API_KEY, socketPath: server.path });
  await expect(quiet.me({ signal: controller.signal })).rejects.toBe(reason);
});

test("what is given goes before the environment, and there a URL before a socket", () => {
  const urlOf = (options: object = {}) => resolveOptions({ apiKey: API_KEY, ...options }).baseUrl;
  expect(urlOf()).toBe("http://localhost:4747");
  vi.stubEnv("HOLDPOINT_SOCKET", "/run/holdpoint.sock");
  expect(urlOf()).toBe("http://localhost");
  vi.stubEnv("HOLDPOINT_URL", "https://holdpoint.test");
  expect(urlOf()).toBe("https://holdpoint.test");
  expect(urlOf({ socketPath: "/own.sock" })).toBe("http://localhost");
  expect(urlOf({ baseUrl: "https://own.test" })).toBe("https://own.test");
  vi.stubEnv("HOLDPOINT_URL", "");
  vi.stubEnv("HOLDPOINT_SOCKET", "");
  expect(urlOf()).toBe("http://localhost:4747");
});

test("a socket goes with neither a URL nor a fetch", () => {
  for (const other of [{ baseUrl: "https://own.test" }, { fetch }]) {
    const make = () => new Holdpoint({ apiKey: API_KEY, socketPath: "/own.sock", ...other });
    expect(make).toThrow(ConfigurationError);
  }
});
