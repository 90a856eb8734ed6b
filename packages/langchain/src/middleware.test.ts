import { ConfigurationError } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { type ToolRunnableConfig, tool } from "@langchain/core/tools";
import { Command, GraphInterrupt } from "@langchain/langgraph";
import {
  type AgentMiddleware,
  createAgent,
  createMiddleware,
  toolRetryMiddleware,
} from "langchain";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { getIdempotencyKey } from "./context.js";
import { gateTools } from "./gate-tools.js";
import { holdpointMiddleware } from "./middleware.js";
import type { LangChainGateOptions } from "./options.js";

let plane: TestControlPlane;
beforeEach(async () => {
  plane = await createTestControlPlane();
});
afterEach(() => plane.close());

const args = { amount: 500 };
type Run = (args: unknown, config: ToolRunnableConfig) => unknown;

function options(given: Partial<LangChainGateOptions> = {}): LangChainGateOptions {
  return Object.freeze({ service: "bank", holdpoint: plane.client(), ...given });
}

/** As an MCP server describes its tools. */
function transferTool(run: Run, name = "transfer") {
  return tool(async (input: unknown, config) => run(input, config), {
    name,
    description: "Sends money.",
    schema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { amount: { type: "number", maximum: 1_000 } },
      required: ["amount"],
    },
  });
}

type Agent = Parameters<typeof createAgent>[0];

/** Runs an agent whose model calls once, and gives what the model was told. */
async function run({ tools = [], middleware }: Pick<Agent, "tools" | "middleware">, input = args) {
  const told: BaseMessage[] = [];
  const model = fakeModel()
    .respondWithTools([{ name: "transfer", args: input, id: "call_1" }])
    .respond((messages) => {
      told.push(...messages.filter((message) => ToolMessage.isInstance(message)));
      return new AIMessage("done");
    });
  const agent = createAgent({ model, tools, middleware: middleware as AgentMiddleware[] });
  await agent.invoke({ messages: [] }, { configurable: { thread_id: "t1" } });
  return told[0] as ToolMessage;
}

async function approveNext(patch?: { amount: number }) {
  const { id } = await plane.waitForRequest();
  await plane.approve(id, patch ? { patch } : {});
  return id;
}

describe("holdpointMiddleware", () => {
  test("gates every tool, and runs it with what was approved", async () => {
    const ran = vi.fn((_input: unknown, config: ToolRunnableConfig) => [
      config.signal instanceof AbortSignal,
      getIdempotencyKey(config),
    ]);
    const tools = [transferTool(ran)];
    const ending = run({ tools, middleware: [holdpointMiddleware(options())] });
    const request = await plane.waitForRequest();
    expect(request).toMatchObject({
      ...{ run_id: "t1", payload: args, schema: { properties: { amount: { maximum: 1_000 } } } },
    });
    await plane.approve(request.id, { patch: { amount: 50 } });
    const { content, status } = await ending;
    expect(status).toBe("success");
    expect(content).toContain(JSON.stringify([true, request.id]));
    expect(content).toContain("Changed /amount from 500 to 50.");
    expect(ran).toHaveBeenCalledWith({ amount: 50 }, expect.anything());
  });

  test("gates tools that another middleware brings, also those no agent knows of", async () => {
    const ran = vi.fn(() => "sent");
    const brought = createMiddleware({ name: "Brings", tools: [transferTool(ran)] });
    const swapped = createMiddleware({
      name: "Swaps",
      wrapToolCall: (request, handler) => handler({ ...request, tool: transferTool(ran) }),
    });
    for (const other of [brought, swapped]) {
      const ending = run({ middleware: [holdpointMiddleware(options()), other] });
      const { id } = await plane.waitForRequest();
      await plane.reject(id, { reason: "No." });
      expect(await ending).toMatchObject({
        status: "error",
        content: expect.stringMatching(/^STOP/),
      });
      await plane.close();
      plane = await createTestControlPlane();
    }
    expect(ran).not.toHaveBeenCalled();
  });

  test("hands a command on, and tells its message of the edit", async () => {
    const moved = transferTool(
      () => new Command({ update: { messages: [new ToolMessage("sent", "call_1")] } }),
    );
    for (const _again of [1, 2]) {
      const ending = run({ tools: [moved], middleware: [holdpointMiddleware(options())] });
      if (_again === 1) await approveNext({ amount: 50 });
      expect((await ending).content).toMatch(/^sent\n\nA person edited/);
    }
  });

  test("leaves arguments that do not fit the schema to the model to correct", async () => {
    const ran = vi.fn();
    const tools = [transferTool(ran)];
    const middleware = [holdpointMiddleware(options())];
    const { content, status } = await run({ tools, middleware }, { amount: 5_000 });
    expect(status).toBe("error");
    expect(content).toMatch(/correct the input.*\/amount/);
    expect(ran).not.toHaveBeenCalled();
    expect(await plane.pending()).toEqual([]);
  });
});

describe("a tool that throws", () => {
  const broken = transferTool(() => {
    throw new RangeError("The bank is closed.");
  });

  test("does not end the run: unasked, the model is told as by an agent without middleware", async () => {
    const plain = await run({ tools: [broken] });
    const middleware = [holdpointMiddleware(options({ policy: "observe" }))];
    const { content, status, name } = await run({ tools: [broken], middleware });
    expect({ content, status, name }).toEqual({
      content: plain.content,
      status: plain.status,
      name: plain.name,
    });
    const misfit = await run({ tools: [broken], middleware }, {} as typeof args);
    expect(misfit).toMatchObject({ status: "error" });
  });

  test("is told as failed under an approval", async () => {
    const onError = vi.fn();
    const middleware = [holdpointMiddleware(options({ onError }))];
    const ending = run({ tools: [broken], middleware });
    await approveNext();
    const message = await ending;
    expect(message).toMatchObject({ status: "error", content: expect.stringMatching(/^FAILED/) });
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: "EXECUTION_FAILED" });
    expect(message.content).not.toContain("closed");
  });

  test("is tried again under one approval by a middleware that comes after", async () => {
    const ran = vi.fn().mockRejectedValueOnce(new Error("busy")).mockResolvedValue("sent");
    const retry = toolRetryMiddleware({ maxRetries: 1, initialDelayMs: 0, jitter: false });
    const middleware = [holdpointMiddleware(options()), retry as AgentMiddleware];
    const ending = run({ tools: [transferTool(ran)], middleware });
    await approveNext();
    expect((await ending).content).toBe("sent");
    expect(ran).toHaveBeenCalledTimes(2);
  });

  test("lets an interrupt of the tool's own through", async () => {
    const interrupted = transferTool(() => {
      throw new GraphInterrupt([{ value: "Which bank?" }]);
    });
    const middleware = [holdpointMiddleware(options({ policy: "allow" }))];
    await expect(run({ tools: [interrupted], middleware })).resolves.toBeUndefined();
  });
});

describe("[G4] what is set up wrongly", () => {
  test("gated by tool and middleware ends the run, nobody is asked, and nothing runs", async () => {
    const ran = vi.fn();
    const tools = [gateTools(transferTool(ran), options())];
    const ending = run({ tools, middleware: [holdpointMiddleware(options())] });
    await expect(ending).rejects.toMatchObject({ cause: expect.any(ConfigurationError) });
    expect(ran).not.toHaveBeenCalled();
    expect(await plane.pending()).toEqual([]);
  });

  test("an interrupt without a checkpointer ends the run, and nothing runs", async () => {
    const ran = vi.fn();
    const middleware = [holdpointMiddleware(options({ mode: "interrupt" }))];
    const ending = run({ tools: [transferTool(ran)], middleware });
    await expect(ending).rejects.toMatchObject({
      cause: { lc_error_code: "MISSING_CHECKPOINTER" },
    });
    expect(ran).not.toHaveBeenCalled();
  });

  test("no API key is told when the middleware is made", () => {
    vi.stubEnv("HOLDPOINT_API_KEY", "");
    expect(() => holdpointMiddleware({ service: "bank" })).toThrow(ConfigurationError);
    vi.unstubAllEnvs();
  });
});
