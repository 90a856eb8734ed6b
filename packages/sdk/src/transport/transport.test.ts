import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AuthenticationError } from "../errors/authentication.js";
import { ConnectionError } from "../errors/connection.js";
import { RateLimitError } from "../errors/rate-limit.js";
import { InvalidResponseError } from "../errors/response.js";
import { UnavailableError } from "../errors/unavailable.js";
import { resolveOptions } from "../options.js";
import { fastForward, until, useFakeTime } from "../test-kit/fake-time.js";
import { API_KEY, BASE_URL, problem, REQUEST_ID } from "../test-kit/fixtures.js";
import { type Reply, scriptFetch, silence } from "../test-kit/scripted-fetch.js";
import { bearerOf } from "./authorizer.js";
import { type Call, Transport } from "./transport.js";

const GET: Call = { method: "GET", path: "/v1/me" };
const POST: Call = { method: "POST", path: "/v1/requests", body: '{"a":1}', requestId: REQUEST_ID };

function connect(replies: readonly Reply[], options: object = {}) {
  const { calls, fetch } = scriptFetch(...replies);
  const resolved = resolveOptions({ apiKey: API_KEY, baseUrl: BASE_URL, fetch, ...options });
  return { calls, transport: new Transport(resolved, bearerOf(API_KEY)) };
}

beforeEach(useFakeTime);
afterEach(() => void vi.useRealTimers());

describe("a call", () => {
  test("carries key and body, and never follows a redirect", async () => {
    const { calls, transport } = connect([{ ok: true }]);
    await expect(transport.call(POST)).resolves.toEqual({ ok: true });
    const [call] = calls;
    expect(call).toMatchObject({ method: "POST", body: '{"a":1}', redirect: "manual" });
    expect(call?.url.href).toBe(`${BASE_URL}/v1/requests`);
    expect(Object.fromEntries(call?.headers ?? [])).toEqual({
      accept: "application/json",
      authorization: `Bearer ${API_KEY}`,
      "content-type": "application/json",
    });
  });

  test.each([
    ["a network failure", new TypeError("fetch failed"), ConnectionError],
    ["HTTP 500", problem(500, "INTERNAL"), UnavailableError],
    ["HTTP 503", problem(503, "UNAVAILABLE"), UnavailableError],
    ["a proxy's HTTP 502", new Response("<html>", { status: 502 }), UnavailableError],
    ["HTTP 429", problem(429, "RATE_LIMITED"), RateLimitError],
  ])(
    "tries again after %s, with the same bytes, and gives up in the end",
    async (_n, reply, type) => {
      const recovering = connect([reply, reply, reply, { ok: true }]);
      const recovered = await fastForward(recovering.transport.call(POST));
      expect(recovered.result).toEqual({ ok: true });
      expect(new Set(recovering.calls.map(({ body }) => body))).toEqual(new Set(['{"a":1}']));

      const failing = connect([reply]);
      const { result, tookMs } = await fastForward(failing.transport.call(POST));
      expect(result).toBeInstanceOf(type);
      expect(result).toMatchObject({ retryable: true, requestId: REQUEST_ID });
      expect(failing.calls).toHaveLength(4);
      expect(tookMs).toBeGreaterThanOrEqual(875);
    },
  );

  test.each([
    [400, "VALIDATION_FAILED"],
    [401, "CREDENTIAL_INVALID"],
    [403, "PERMISSION_DENIED"],
    [404, "REQUEST_NOT_FOUND"],
    [409, "REQUEST_ID_CONFLICT"],
    [410, "SOMETHING"],
    [422, "SCHEMA_INVALID"],
  ])("stops for good on HTTP %i", async (status, code) => {
    const { calls, transport } = connect([problem(status, code)]);
    await expect(transport.call(GET)).rejects.toMatchObject({ status, retryable: false });
    expect(calls).toHaveLength(1);
  });

  test("waits as long as Retry-After asks", async () => {
    const busy = new Response("{}", { status: 429, headers: { "retry-after": "20" } });
    const { transport } = connect([busy, { ok: true }]);
    const { result, tookMs } = await fastForward(transport.call(GET));
    expect(result).toEqual({ ok: true });
    expect(tookMs).toBeGreaterThanOrEqual(20_000);
    expect(tookMs).toBeLessThan(20_200);
  });

  test("makes as many tries as it is told", async () => {
    const { calls, transport } = connect([new TypeError("x")], { maxRetries: 0 });
    await expect(transport.call(GET)).rejects.toMatchObject({ code: "CONNECTION_FAILED" });
    expect(calls).toHaveLength(1);
  });

  test("gives a silent control plane timeoutMs, and says so", async () => {
    const { transport } = connect([silence], { maxRetries: 0, timeoutMs: 5_000 });
    const { result, tookMs } = await fastForward(transport.call(GET));
    expect(result).toBeInstanceOf(ConnectionError);
    expect(result).toMatchObject({ code: "CONNECTION_TIMEOUT", retryable: true });
    expect(tookMs).toBeLessThanOrEqual(5_050);
  });

  test.each([
    ["HTML", new Response("<html>")],
    ["an empty body", new Response("")],
    ["204", new Response(null, { status: 204 })],
    ["a redirect", new Response(null, { status: 307, headers: { location: "http://evil.test" } })],
    ["a browser's opaque redirect", Response.error()],
  ])("does not take %s for an answer", async (_name, reply) => {
    const { calls, transport } = connect([reply]);
    const error = await transport.call(GET).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toMatchObject({ code: "RESPONSE_INVALID", retryable: false });
    expect(calls).toHaveLength(1);
  });

  test("keeps the API key out of an error that echoes it", async () => {
    const echo = {
      type: "t",
      title: "T",
      status: 401,
      detail: `No ${API_KEY}.`,
      code: "CREDENTIAL_INVALID",
    };
    const { transport } = connect([Response.json(echo, { status: 401 })]);
    const error = await transport.call(GET).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect((error as Error).message).toBe("T: No [credential].");
  });
});

describe("an abort", () => {
  const reason = { any: "value" };

  test("before the call: nothing is sent, the reason comes back unchanged", async () => {
    const { calls, transport } = connect([{ ok: true }]);
    await expect(transport.call({ ...GET, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(calls).toHaveLength(0);
  });

  test("during the call", async () => {
    const controller = new AbortController();
    const { transport } = connect([silence]);
    const call = transport.call({ ...GET, signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  test("while waiting for the next try", async () => {
    const controller = new AbortController();
    const { calls, transport } = connect([new TypeError("x")]);
    const call = transport.call({ ...GET, signal: controller.signal });
    await vi.advanceTimersByTimeAsync(10);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(calls).toHaveLength(1);
  });

  test("by the client's own signal, which detached calls outlive", async () => {
    const { transport } = connect([{ ok: true }], { signal: AbortSignal.abort(reason) });
    await expect(transport.call(GET)).rejects.toBe(reason);
    await expect(transport.call({ ...GET, detached: true })).resolves.toEqual({ ok: true });
  });

  test("one listener serves every call that a signal lives through, and ends them all", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const added = vi.spyOn(signal, "addEventListener");
    const { calls, transport } = connect([silence], { signal });
    const pending = Array.from({ length: 100 }, () => transport.call({ ...GET, signal }));
    await until(() => calls.length === 100);
    controller.abort(reason);
    const ends = await Promise.allSettled(pending);
    expect(ends.every((end) => end.status === "rejected" && end.reason === reason)).toBe(true);
    expect(added).toHaveBeenCalledTimes(1);
  });
});

describe("over a real socket", () => {
  beforeEach(() => void vi.useRealTimers());

  test("a redirect reaches no second host with the key", async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(String(request.url));
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const baseUrl = `http://127.0.0.1:${port}`;
      const transport = new Transport(
        resolveOptions({ apiKey: API_KEY, baseUrl }),
        bearerOf(API_KEY),
      );
      await expect(transport.call(GET)).rejects.toMatchObject({
        code: "RESPONSE_INVALID",
        status: 302,
      });
      expect(seen).toEqual(["/v1/me"]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("a closed port is named by its code, without retries when told so", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const options = { apiKey: API_KEY, baseUrl: `http://127.0.0.1:${port}`, maxRetries: 0 };
    const error = await new Transport(resolveOptions(options), bearerOf(API_KEY))
      .call(GET)
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "CONNECTION_FAILED" });
    expect((error as Error).message).toContain("ECONNREFUSED");
  });
});
