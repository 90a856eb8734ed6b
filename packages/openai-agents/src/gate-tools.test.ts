import { ConfigurationError } from "@holdpoint/sdk";
import {
  Agent,
  getAllMcpTools,
  hostedMcpTool,
  type MCPServer,
  RunContext,
  ToolCallError,
  tool,
  toolNamespace,
} from "@openai/agents";
import { assistantMessage, functionCall, ScriptedModel } from "@openai/agents/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { AnyFunctionTool } from "./function-tool.js";
import { gateTools } from "./gate-tools.js";
import { HIDDEN_ERROR } from "./result.js";
import { agentWith, DONE, readAnswers } from "./testing/scripted-agent.js";
import { createStage, runner, TRANSFER, transferCall } from "./testing/stage.js";

afterEach(() => vi.unstubAllEnvs());

/** Runs one turn of calls and one that says "done"; resolves with what the model was given. */
async function converse(tools: AnyFunctionTool[], ...calls: ReturnType<typeof transferCall>[]) {
  const model = new ScriptedModel([calls, DONE]);
  await runner.run(agentWith(tools, model), "Go on.");
  return readAnswers(model);
}

describe("what is gated", () => {
  test("keeps all the framework knows of a tool, but for its time-out, and changes nothing given", async () => {
    await using stage = await createStage();
    const options = Object.freeze({ ...stage.options, policy: Object.freeze({ transfer: "ask" }) });
    const given = Object.freeze({ ...stage.makeTool(), timeoutMs: 50 });
    const [gated] = gateTools([given], options as typeof stage.options);
    const { invoke, timeoutMs, ...rest } = given;
    expect(gated).toEqual({ ...rest, invoke: expect.any(Function) });
    expect(gated.invoke).not.toBe(invoke);
    expect(timeoutMs).toBe(50);
  });

  test("no API key is told when the tools are gated, not when a call waits", () => {
    vi.stubEnv("HOLDPOINT_API_KEY", "");
    expect(() => gateTools([], { service: "bank" })).toThrow(ConfigurationError);
  });

  test("[G4] refuses what OpenAI runs, and results that have no place for a refusal", async () => {
    await using stage = await createStage();
    const hosted = hostedMcpTool({ serverLabel: "crm", serverUrl: "https://crm.example" });
    const structured = tool({
      name: "balance",
      description: "Reads the balance.",
      parameters: z.object({}),
      outputSchema: z.object({ amount: z.number() }),
      execute: async () => ({ amount: 1 }),
    });
    for (const given of [hosted, structured] as unknown as AnyFunctionTool[]) {
      const gate = () => gateTools([given], stage.options);
      expect(gate).toThrow(ConfigurationError);
      expect(gate).toThrow(expect.objectContaining({ code: "CONFIGURATION_INVALID" }));
    }
  });

  test("the tools of a namespace, of an MCP server, and agents used as tools", async () => {
    await using stage = await createStage();
    const bank = { name: "bank", description: "Banking.", tools: [stage.makeTool()] };
    const helper = new Agent({
      name: "helper",
      model: new ScriptedModel([[assistantMessage("helped")]]),
    });
    const asTool = helper.asTool({ toolName: "help", toolDescription: "Helps." });
    const ofServer = (await getAllMcpTools([mcpServer(stage.effects)])) as AnyFunctionTool[];
    const given: AnyFunctionTool[] = [...toolNamespace(bank), ...ofServer, asTool];
    const tools = gateTools(given, { ...stage.options, policy: { transfer: "allow" } });
    const conversation = converse(
      tools,
      functionCall("transfer", TRANSFER, { callId: "call_1", namespace: "bank" }),
      functionCall("wipe", { disk: "sda" }, { callId: "call_2" }),
      functionCall("help", { input: "please" }, { callId: "call_3" }),
    );
    for (const action of ["wipe", "help"]) {
      const { id } = await stage.holdpoint.waitForRequest({ action });
      await stage.holdpoint.approve(id);
    }
    const answers = await conversation;
    expect(answers).toMatchObject({ call_1: "sent", call_3: "helped" });
    expect(answers.call_2).toContain("wiped sda");
    expect(stage.effects).toEqual([TRANSFER, { disk: "sda" }]);
  });
});

describe("what reaches the tool", () => {
  test("[G2] edited arguments, also in the call that the details carry", async () => {
    await using stage = await createStage();
    const seen: unknown[] = [];
    const spy = tool({
      name: "transfer",
      description: "Sends money.",
      parameters: z.object({ amount: z.number(), to: z.string() }),
      execute: async (args, _context, details) => {
        seen.push(args, JSON.parse(details?.toolCall?.arguments ?? "null"));
        return "sent";
      },
    });
    const conversation = converse(gateTools([spy], stage.options), transferCall());
    const { id } = await stage.holdpoint.waitForRequest();
    await stage.holdpoint.approve(id, { patch: { amount: 50, to: "Ada" } });
    await conversation;
    expect(seen).toEqual([
      { amount: 50, to: "Ada" },
      { amount: 50, to: "Ada" },
    ]);
  });

  test("[G4] arguments that are no JSON do not: neither asked nor run", async () => {
    await using stage = await createStage();
    const tools = gateTools([stage.makeTool()], { ...stage.options, policy: "allow" });
    const call = functionCall("transfer", "{amount: 5", { callId: "call_1" });
    const { call_1 } = await converse(tools, call);
    // Some of it the framework catches before the tool is invoked.
    expect(call_1).toMatch(/JSON/);
    expect(await tools[0].invoke(new RunContext(), "{amount: 5")).toMatch(/^ERROR: .*transfer/);
    expect(stage.effects).toEqual([]);
    expect(await stage.holdpoint.pending()).toEqual([]);
  });

  test("its time-out begins when it runs, not when a person is asked", async () => {
    await using stage = await createStage();
    const given = { ...stage.makeTool(), timeoutMs: 1 };
    const conversation = converse(gateTools([given], stage.options), transferCall());
    const { id } = await stage.holdpoint.waitForRequest();
    await stage.holdpoint.clock.advance(60_000);
    await stage.holdpoint.approve(id);
    expect(await conversation).toEqual({ call_1: "sent" });
  });
});

describe("what reaches the model", () => {
  const edited = async (result: unknown) => {
    await using stage = await createStage();
    const given = tool({
      name: "transfer",
      description: "Sends money.",
      parameters: z.object({ amount: z.number(), to: z.string() }),
      execute: async () => result as string,
    });
    const model = new ScriptedModel([[transferCall()], DONE]);
    const tools = gateTools([given], stage.options);
    const conversation = runner.run(agentWith(tools, model), "Go on.");
    const { id } = await stage.holdpoint.waitForRequest();
    await stage.holdpoint.approve(id, { patch: { amount: 50, to: "Ada" } });
    await conversation;
    const input = model.lastCall?.request.input ?? [];
    const item = typeof input === "string" ? undefined : input.at(-1);
    return item?.type === "function_call_result" ? item.output : undefined;
  };

  test("an edit is told after a text or an object, and beside content parts", async () => {
    const note = expect.stringMatching(/A person edited the arguments.*/);
    expect(await edited("sent")).toEqual({
      type: "text",
      text: expect.stringMatching(/^sent\n\nA person edited/),
    });
    expect(await edited({ id: 7 })).toEqual({
      type: "text",
      text: expect.stringMatching(/^\{"id":7\}\n\nA person edited/),
    });
    expect(await edited({ type: "text", text: "sent" })).toEqual([
      { type: "input_text", text: "sent" },
      { type: "input_text", text: note },
    ]);
  });

  test("a tool that times out is told as the framework tells it, and recorded as failed", async () => {
    await using stage = await createStage();
    const slow = tool({
      name: "transfer",
      description: "Sends money.",
      parameters: z.object({ amount: z.number(), to: z.string() }),
      timeoutMs: 5,
      execute: () => new Promise<string>(() => {}),
    });
    const conversation = converse(gateTools([slow], stage.options), transferCall());
    const { id } = await stage.holdpoint.waitForRequest();
    await stage.holdpoint.approve(id);
    expect(await conversation).toEqual({ call_1: "Tool 'transfer' timed out after 5ms." });
    expect(await stage.holdpoint.execution(id)).toMatchObject({ status: "FAILED" });
  });

  test("of a tool that throws, never that it should try again", async () => {
    const broken = tool({
      name: "transfer",
      description: "Sends money.",
      parameters: z.object({ amount: z.number(), to: z.string() }),
      execute: async (): Promise<string> => {
        throw new Error("The password is hunter2.");
      },
    });
    // Pins the framework's own words, by which a hidden error is known.
    expect(await converse([broken], transferCall())).toEqual({ call_1: HIDDEN_ERROR });
    await using stage = await createStage();
    const conversation = converse(gateTools([broken], stage.options), transferCall());
    const { id } = await stage.holdpoint.waitForRequest();
    await stage.holdpoint.approve(id);
    const { call_1 } = await conversation;
    expect(call_1).toMatch(/^FAILED: .*EXECUTION_FAILED/);
    expect(call_1).not.toMatch(/hunter2|Please try again/);
  });

  test("a tool with errorFunction: null rejects the run with its own error, which is recorded", async () => {
    await using stage = await createStage();
    const broken = tool({
      name: "transfer",
      description: "Sends money.",
      parameters: z.object({ amount: z.number(), to: z.string() }),
      errorFunction: null,
      execute: async (): Promise<string> => {
        throw new RangeError("Too much.");
      },
    });
    const conversation = converse(gateTools([broken], stage.options), transferCall());
    const rejected = expect(conversation).rejects.toMatchObject({ error: expect.any(RangeError) });
    const { id } = await stage.holdpoint.waitForRequest();
    await stage.holdpoint.approve(id);
    await rejected;
    expect(await stage.holdpoint.execution(id)).toMatchObject({
      status: "FAILED",
      error: { name: "RangeError" },
    });
  });
});

describe("when Holdpoint fails", () => {
  const unreachable = async () => {
    const stage = await createStage();
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const holdpoint = stage.holdpoint.client({ fetch, maxRetries: 0 });
    return { stage, options: { ...stage.options, holdpoint } };
  };

  test("[G4] errorFunction words it, or null rejects the run with the typed error; nothing runs", async () => {
    const { stage, options } = await unreachable();
    await using _ = stage;
    const errors: Error[] = [];
    const errorFunction = (_context: unknown, error: Error) => {
      errors.push(error);
      return "Not now.";
    };
    const worded = gateTools([stage.makeTool()], { ...options, errorFunction });
    expect(await converse(worded, transferCall())).toEqual({ call_1: "Not now." });
    expect(errors).toMatchObject([{ code: "CONNECTION_FAILED" }]);

    const strict = gateTools([stage.makeTool()], { ...options, errorFunction: null });
    const error = await converse(strict, transferCall()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ToolCallError);
    expect(error).toMatchObject({ error: { code: "CONNECTION_FAILED" } });
    expect(stage.effects).toEqual([]);
  });

  test("[G4] a runId that comes to nothing rejects the run", async () => {
    await using stage = await createStage();
    const runId = () => undefined as unknown as string;
    const tools = gateTools([stage.makeTool()], { ...stage.options, runId });
    const error = await converse(tools, transferCall()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ error: { code: "CONFIGURATION_INVALID" } });
    expect(stage.effects).toEqual([]);
  });
});

function mcpServer(effects: unknown[]): MCPServer {
  const inputSchema = {
    type: "object" as const,
    properties: { disk: { type: "string" } },
    required: ["disk"],
    additionalProperties: false,
  };
  return {
    name: "disks",
    cacheToolsList: false,
    connect: async () => {},
    close: async () => {},
    invalidateToolsCache: async () => {},
    listTools: async () => [{ name: "wipe", description: "Wipes a disk.", inputSchema }],
    callTool: async (_name, args) => {
      effects.push(args);
      return [{ type: "text", text: `wiped ${args?.disk}` }];
    },
  };
}
