import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import type { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as V1Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as V1Http } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { REFUND, readAnswer } from "../../testing/answer.js";
import { connectHttp } from "../../testing/connect.js";
import { createHoldpointMcpServer } from "../create.js";
import { type HttpListener, type ListenOptions, listenHttp } from "./listen.js";

const TOKEN = "a-token-of-enough-length";

let plane: TestControlPlane;
const listeners: HttpListener[] = [];
beforeEach(async () => {
  plane = await createTestControlPlane();
});
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((each) => each.close()));
  await plane.close();
});

async function listen(options: Partial<ListenOptions> = {}, waitMs = 0): Promise<HttpListener> {
  const { apiKey, url: baseUrl, fetch } = plane;
  const factory = createHoldpointMcpServer({ apiKey, baseUrl, fetch, waitMs });
  const listener = await listenHttp(factory, { port: 0, onError: () => {}, ...options });
  listeners.push(listener);
  return listener;
}

const call = { name: "ask_human", arguments: REFUND };
const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };

const post = (url: string, headers: Record<string, string> = {}, body = JSON.stringify(LIST)) =>
  fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
  });

describe("clients", () => {
  test.each(["legacy", "modern"] as const)("%s: asks and gets the answer", async (era) => {
    const { url } = await listen({}, 5_000);
    await using connected = await connectHttp(url, { era });
    const answer = connected.client.callTool(call);
    await plane.approve((await plane.waitForRequest()).id);
    expect(readAnswer(await answer).text).toMatch(/^APPROVED:/);
  });

  test("of the official SDK's first major: asks, is shown progress, gets the answer", async () => {
    const { url } = await listen({}, 5_000);
    const client = new V1Client({ name: "v1", version: "1" });
    await client.connect(new V1Http(new URL(url)) as Parameters<V1Client["connect"]>[0]);
    const seen: unknown[] = [];
    const answer = client.callTool(call, undefined, {
      onprogress: (progress) => seen.push(progress),
    });
    await plane.reject((await plane.waitForRequest()).id, { reason: "No." });
    expect(readAnswer(await answer).text).toMatch(/^ACTION_REJECTED:/);
    expect(seen).toHaveLength(1);
    await client.close();
  });

  test("legacy: a session finds its own pending question again, another does not", async () => {
    const { url } = await listen();
    await using one = await connectHttp(url, { era: "legacy" });
    await using other = await connectHttp(url, { era: "legacy" });
    const first = readAnswer(await one.client.callTool(call));
    expect(readAnswer(await one.client.callTool(call)).data).toEqual(first.data);
    expect(readAnswer(await other.client.callTool(call)).data).not.toEqual(first.data);
  });

  test("modern: has no sessions, so the run or a key makes it the same question", async () => {
    const { url } = await listen();
    await using connected = await connectHttp(url, { era: "modern" });
    const ask = async (more: object = {}) => {
      const { data } = readAnswer(
        await connected.client.callTool({ ...call, arguments: { ...REFUND, ...more } }),
      );
      return data?.request_id;
    };
    expect(await ask()).not.toBe(await ask());
    expect(await ask({ run_id: "r" })).toBe(await ask({ run_id: "r" }));
    expect(await ask({ idempotency_key: "k" })).toBe(await ask({ idempotency_key: "k" }));
  });

  test.each(["legacy", "modern"] as const)(
    "%s: cancelling leaves the request open",
    async (era) => {
      const { url } = await listen({}, 5_000);
      await using connected = await connectHttp(url, { era });
      const cancel = new AbortController();
      const answer = connected.client.callTool(call, { signal: cancel.signal });
      const { id } = await plane.waitForRequest();
      cancel.abort("The user pressed stop.");
      await expect(answer).rejects.toThrow();
      expect((await plane.request(id)).status).toBe("PENDING");
    },
  );

  test("an unknown session is told to begin anew", async () => {
    const { url } = await listen();
    const response = await post(url, { "mcp-session-id": "from-before-the-restart" });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: -32_001 } });
  });

  test("a client that ends its session is forgotten", async () => {
    const { url } = await listen();
    const { client, [Symbol.asyncDispose]: close } = await connectHttp(url, { era: "legacy" });
    const transport = client.transport as StreamableHTTPClientTransport;
    const id = String(transport.sessionId);
    await transport.terminateSession();
    expect((await post(url, { "mcp-session-id": id })).status).toBe(404);
    await close();
  });
});

describe("who gets in", () => {
  test("another host name or a web page of another site does not", async () => {
    const { url } = await listen();
    for (const origin of ["https://evil.example", "null"]) {
      expect((await post(url, { origin })).status).toBe(403);
    }
    expect((await post(url, { origin: "http://localhost:5173" })).status).not.toBe(403);
    const port = Number(new URL(url).port);
    expect(await statusForHost(port, "evil.example")).toBe(403);
    expect(await statusForHost(port, "localhost")).not.toBe(403);
    const named = await listen({ allowedHosts: ["mcp.internal"] });
    expect(await statusForHost(Number(new URL(named.url).port), "mcp.internal")).not.toBe(403);
  });

  test("with a token set, only who has it", async () => {
    const { url } = await listen({ token: TOKEN });
    expect((await post(url)).status).toBe(401);
    const wrong = await post(url, { authorization: "Bearer something-else-as-long" });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(await wrong.text()).not.toContain(TOKEN);
    await using connected = await connectHttp(url, { token: TOKEN });
    expect((await connected.client.listTools()).tools).toHaveLength(7);
    await using old = await connectHttp(url, { token: TOKEN, era: "legacy" });
    expect((await old.client.listTools()).tools).toHaveLength(7);
  });

  test.each([
    [{ host: "0.0.0.0" }],
    [{ host: "mcp.example.com" }],
    [{ host: "0.0.0.0", token: "short" }],
    [{ port: 70_000 }],
  ])("refuses to start on %o", async (options) => {
    await expect(listen(options)).rejects.toMatchObject({ code: "CONFIGURATION_INVALID" });
  });

  test("beyond loopback it starts with a token", async () => {
    const { url } = await listen({ host: "0.0.0.0", token: TOKEN });
    expect((await post(url.replace("0.0.0.0", "127.0.0.1"))).status).toBe(401);
  });

  test("options may be frozen", async () => {
    await listen(Object.freeze({ allowedHosts: Object.freeze(["mcp.internal"]) }));
  });
});

describe("bad input", () => {
  test("other paths, other media, broken and oversized bodies", async () => {
    const { url } = await listen();
    expect((await fetch(new URL("/", url))).status).toBe(404);
    expect((await post(url, { "content-type": "text/plain" })).status).toBe(415);
    expect((await post(url, {}, "{")).status).toBe(400);
    const huge = JSON.stringify({ ...LIST, params: { x: "a".repeat(1_100_000) } });
    expect((await post(url, {}, huge)).status).toBe(413);
  });
});

/** `fetch` sets the Host header itself. */
async function statusForHost(port: number, host: string): Promise<number> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const headers = { host, "content-type": "application/json" };
    request({ port, host: "127.0.0.1", path: "/mcp", method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once("error", reject)
      .end(JSON.stringify(LIST));
  });
}
