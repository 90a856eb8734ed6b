import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { manifestFor, RunnerWorld } from "../../testing/runner.js";
import { type ServedCall, Service } from "../../testing/service.js";

let service: Service;
let world: RunnerWorld;
beforeEach(async () => {
  service = await Service.start();
  world = new RunnerWorld();
});
afterEach(async () => {
  await world.runner.close();
  await service[Symbol.asyncDispose]();
});

/** What the tool got, call by call. */
const taken: unknown[] = [];
beforeEach(() => {
  taken.length = 0;
});

function serveMcp(): void {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "bank", version: "1.0.0" });
    const inputSchema = z.object({ amount: z.number(), note: z.string().optional() });
    const outputSchema = z.object({ id: z.string() });
    server.registerTool("pay", { inputSchema, outputSchema }, async (args) => {
      taken.push(args);
      const structuredContent = { id: "pay_1" };
      return { structuredContent, content: [{ type: "text", text: "paid" }] };
    });
    server.registerTool("say", { inputSchema: z.object({}) }, async () => ({
      content: [{ type: "text", text: "hello" }],
    }));
    server.registerTool("break", { inputSchema: z.object({}) }, async () => {
      throw new Error("insufficient canary funds");
    });
    return server;
  });
  service.answer = async (response, call) => {
    const answer = await handler.fetch(toRequest(call));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
}

function toRequest({ method, path, headers, body }: ServedCall): Request {
  return new Request(new URL(path, service.origin), {
    method,
    headers: headers as Record<string, string>,
    ...(body !== "" && { body }),
  });
}

function toolManifest(tool: string, rest: object = {}) {
  const provider = { type: "mcp", url: `${service.origin}/mcp`, tool } as const;
  return manifestFor(service, {}, { provider, ...rest });
}

describe("a tool of an MCP server", () => {
  it("is called with the parameters, and gives what it has structured", async () => {
    serveMcp();
    expect(await world.run(toolManifest("pay"), { amount: 5 })).toMatchObject({
      outcome: "success",
      output: { id: "pay_1" },
    });
    expect(taken).toEqual([{ amount: 5 }]);
  });

  it("is called on a server of an earlier revision too, which shakes hands first", async () => {
    serveMcp();
    const { answer } = service;
    service.answer = (response, call) => {
      if (!call.body.includes("server/discover")) return answer(response, call);
      response.writeHead(400, { "content-type": "application/json" });
      response.end('{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no session"}}');
    };
    expect(await world.run(toolManifest("pay"), { amount: 5 })).toMatchObject({
      outcome: "success",
      output: { id: "pay_1" },
    });
    expect(service.calls.some(({ body }) => body.includes('"initialize"'))).toBe(true);
  });

  it("gives its content where it structures nothing", async () => {
    serveMcp();
    const { outcome, ...rest } = await world.run(toolManifest("say"));
    expect(outcome).toBe("success");
    expect(rest).toMatchObject({ output: [{ type: "text", text: "hello" }] });
  });

  it("gets arguments as the manifest writes them", async () => {
    serveMcp();
    const provider = {
      type: "mcp",
      url: `${service.origin}/mcp`,
      tool: "pay",
      arguments: { amount: "{cents}", note: "{note}" },
    } as const;
    await world.run(manifestFor(service, {}, { provider }), { cents: 7 });
    expect(taken).toEqual([{ amount: 7 }]);
  });

  it("is called with the action's secrets and its key", async () => {
    serveMcp();
    world.secrets.set("TOKEN", "canary-5f1c9e");
    const secrets = [{ name: "TOKEN", header: "authorization", prefix: "Bearer " }];
    const idempotency = { header: "Idempotency-Key" };
    await world.run(toolManifest("pay", { secrets, idempotency }), { amount: 5 });
    const posts = service.calls.filter(({ method }) => method === "POST");
    expect(posts.length).toBeGreaterThan(0);
    for (const { headers } of posts) {
      expect(headers).toMatchObject({
        authorization: "Bearer canary-5f1c9e",
        "idempotency-key": "exe_1",
      });
    }
  });

  it("that reports an error has failed, and its words stay behind", async () => {
    serveMcp();
    const outcome = await world.run(toolManifest("break"));
    expect(outcome).toMatchObject({ outcome: "failed", fault: { code: "tool_failed" } });
    expect(JSON.stringify(outcome)).not.toContain("canary");
  });

  it("that the server does not know has failed", async () => {
    serveMcp();
    const outcome = await world.run(toolManifest("fly"));
    expect(outcome).toMatchObject({ outcome: "failed", fault: { code: "tool_failed" } });
  });

  it("of a server that refuses the secret has failed before it was called", async () => {
    service.answer = (response) => response.writeHead(401).end("canary");
    const outcome = await world.run(toolManifest("pay"), { amount: 5 });
    expect(outcome).toMatchObject({
      outcome: "failed",
      fault: { code: "refused_by_service", status: 401 },
    });
  });

  it("of a server that breaks off while it runs is not known to have failed", async () => {
    serveMcp();
    const { answer } = service;
    service.answer = (response, call) => {
      if (call.body.includes("tools/call")) response.destroy();
      else answer(response, call);
    };
    const outcome = await world.run(toolManifest("pay"), { amount: 5 });
    expect(outcome).toMatchObject({
      outcome: "outcome_unknown",
      fault: { code: "connection_failed" },
    });
  });

  it("of a server that is not there has failed", async () => {
    const gone = await Service.start();
    const { port, origin } = gone;
    await gone[Symbol.asyncDispose]();
    const provider = { type: "mcp", url: `${origin}/mcp`, tool: "pay" } as const;
    const outcome = await world.run(manifestFor({ port, origin }, {}, { provider }));
    expect(outcome).toMatchObject({ outcome: "failed", fault: { code: "connection_failed" } });
  });

  it("is outside of what the action may reach, where the egress rule says so", async () => {
    serveMcp();
    const egress = { domains: ["elsewhere.example"], ports: [service.port], allow_private: true };
    const outcome = await world.run(toolManifest("pay", { egress }), { amount: 5 });
    expect(outcome).toMatchObject({ outcome: "failed", fault: { code: "egress_refused" } });
    expect(service.calls).toEqual([]);
  });

  it("that answers too much is not known to have failed", async () => {
    serveMcp();
    const { answer } = service;
    service.answer = (response, call) => {
      if (!call.body.includes("tools/call")) return answer(response, call);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`: ${"x".repeat(20_000)}\n\n`);
    };
    const manifest = toolManifest("pay", { max_response_bytes: 10_000 });
    expect(await world.run(manifest, { amount: 5 })).toMatchObject({
      outcome: "outcome_unknown",
      fault: { code: "response_too_large" },
    });
  });
});
