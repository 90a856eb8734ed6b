import {
  ApprovalRejectedError,
  ConfigurationError,
  ExecutionFailedError,
  PermissionDeniedError,
} from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { ToolMessage } from "@langchain/core/messages";
import {
  DynamicStructuredTool,
  DynamicTool,
  isStructuredTool,
  StructuredTool,
  type ToolRunnableConfig,
  tool,
} from "@langchain/core/tools";
import { Command, GraphInterrupt, isCommand, Send } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import * as zodMini from "zod/mini";
import { z as zod3 } from "zod/v3";
import { getIdempotencyKey } from "./context.js";
import { type GateableTool, gateTools } from "./gate-tools.js";
import type { LangChainGateOptions } from "./options.js";

let plane: TestControlPlane;
beforeEach(async () => {
  plane = await createTestControlPlane();
});
afterEach(() => plane.close());

const Transfer = z.object({ amount: z.number().int().max(1_000), to: z.string() });
const args = { amount: 500, to: "Ada" };
const thread = { configurable: { thread_id: "t1" } };

function options(given: Partial<LangChainGateOptions> = {}): LangChainGateOptions {
  return Object.freeze({ service: "bank", holdpoint: plane.client(), ...given });
}

function transferTool(
  run: (args: z.infer<typeof Transfer>, config: ToolRunnableConfig) => unknown,
) {
  return tool(async (input, config) => run(input, config), {
    name: "transfer",
    description: "Sends money.",
    schema: Transfer,
  });
}

class OwnTool extends StructuredTool<typeof Transfer> {
  name = "transfer";
  description = "Sends money.";
  schema = Transfer;
  readonly #run: () => string;

  constructor(run: () => string) {
    super();
    this.#run = run;
  }

  protected async _call(): Promise<string> {
    return this.#run();
  }
}

function toolCall(name = "transfer", given: object = args, id = "call_1") {
  return { name, args: given as Record<string, unknown>, id, type: "tool_call" as const };
}

/** What a call comes to, once a person has approved it. */
async function approved<Output>(ending: Promise<Output>, patch?: object): Promise<Output> {
  const { id } = await plane.waitForRequest();
  await plane.approve(id, patch ? { patch: patch as never } : {});
  return ending;
}

describe("a gated tool", () => {
  test("is still the tool it was, and leaves the one it was made of as it is", async () => {
    const ran = vi.fn(() => "sent");
    const transfer = transferTool(ran);
    const gated = gateTools(transfer, options({ policy: "deny" }));
    expect(gated).toBeInstanceOf(DynamicStructuredTool);
    expect(isStructuredTool(gated)).toBe(true);
    expect(gated.schema).toBe(Transfer);
    const { name, description, returnDirect, responseFormat } = gated;
    expect({ name, description, returnDirect, responseFormat }).toEqual({
      name: "transfer",
      description: "Sends money.",
      returnDirect: false,
      responseFormat: "content",
    });
    expect(await transfer.invoke(args)).toBe("sent");
    expect(ran).toHaveBeenCalledTimes(1);
  });

  test("[G4] runs by none of its methods what is denied", async () => {
    const ran = vi.fn(() => "sent");
    const made = gateTools(transferTool(ran), options({ policy: "deny" }));
    const own = gateTools(new OwnTool(ran), options({ policy: "deny" }));
    const inner = (tool: unknown) =>
      (tool as { _call(args: unknown): Promise<unknown> })._call(args);
    const ways: readonly (() => Promise<unknown>)[] = [
      () => made.func(args) as Promise<unknown>,
      ...[made, own].flatMap((gated) => [
        () => gated.invoke(args),
        () => gated.call(args),
        () => inner(gated),
        () => gated.batch([args]),
        () => gated.stream(args),
        () => gated.withConfig({ tags: ["x"] }).invoke(args),
      ]),
    ];
    for (const way of ways) await expect(way()).rejects.toBeInstanceOf(PermissionDeniedError);
    expect(ran).not.toHaveBeenCalled();
    expect(await plane.pending()).toEqual([]);
  });

  test("may be of a class of one's own, with private members", async () => {
    const gated = gateTools(new OwnTool(() => "sent"), options({ policy: "allow" }));
    expect(gated).toBeInstanceOf(OwnTool);
    expect(await gated.invoke(args)).toBe("sent");
  });

  test("is the one of many that it was given as", () => {
    const [first, second] = gateTools(
      [
        transferTool(() => "sent"),
        new DynamicTool({ name: "note", description: "", func: vi.fn() }),
      ],
      options(),
    );
    expect(first.name).toBe("transfer");
    expect(second).toBeInstanceOf(DynamicTool);
  });

  test.each([
    ["zod 4", z.object({ amount: z.number() })],
    ["zod mini", zodMini.object({ amount: zodMini.number() })],
    ["zod 3", zod3.object({ amount: zod3.number() })],
    [
      "the JSON Schema of an MCP server",
      {
        $schema: "http://json-schema.org/draft-07/schema#",
        type: "object",
        properties: { amount: { type: "number" } },
        required: ["amount"],
        additionalProperties: false,
      },
    ],
  ])("takes a schema of %s, for people as for the model", async (_name, schema) => {
    const pay = tool(async (input: unknown) => JSON.stringify(input), {
      name: "pay",
      description: "",
      schema: schema as unknown as z.ZodObject,
    });
    const gated = gateTools(pay, options());
    const ending = gated.invoke(toolCall("pay", { amount: 1 }), thread);
    const request = await plane.waitForRequest();
    expect(request.schema).toMatchObject({ properties: { amount: { type: "number" } } });
    expect((await approved(ending, { amount: 2 })).content).toContain('{"amount":2}');
  });

  test("shows people what the model gave, and the tool what its schema makes of it", async () => {
    const ran = vi.fn((_input: unknown) => "booked");
    const book = tool(async (input: unknown) => ran(input), {
      name: "book",
      description: "",
      schema: z.object({ day: z.string().transform((day) => new Date(day)) }),
    });
    const gated = gateTools(book, options());
    const given = { day: "2026-11-28" };
    for (const start of [
      () => gated.invoke(toolCall("book", given), thread),
      () => gated.call(given, thread),
    ]) {
      const ending = start();
      expect(await plane.waitForRequest()).toMatchObject({ payload: given });
      await approved(ending as Promise<unknown>, { day: "2026-11-30" });
      expect(ran).toHaveBeenLastCalledWith({ day: new Date("2026-11-30") });
    }
    expect(ran).toHaveBeenCalledTimes(2);
  });

  test("takes a bare text, if that is what the tool takes", async () => {
    const ran = vi.fn(async (text: string) => `noted ${text}`);
    const note = new DynamicTool({ name: "note", description: "", func: ran });
    const ending = gateTools(note, options()).invoke("milk", thread);
    expect(await plane.waitForRequest()).toMatchObject({ payload: { input: "milk" } });
    expect(await approved(ending, { input: "bread" })).toBe("noted bread");
  });
});

describe("the conversation", () => {
  test.each([
    ["is the thread of the config", {}, thread, "t1"],
    ["is what the gate says it is", { runId: "r1" }, thread, "r1"],
    ["is the gate's own where nothing names it", {}, {}, expect.stringMatching(/^run_/)],
  ])("%s", async (_name, given, config, runId) => {
    const ending = gateTools(
      transferTool(() => "sent"),
      options(given),
    ).invoke(toolCall(), config);
    expect(await plane.waitForRequest()).toMatchObject({
      run_id: runId,
      metadata: { "holdpoint.tool": "transfer", "holdpoint.tool_call_id": "call_1" },
    });
    await approved(ending);
  });
});

describe("[G2] what is on record", () => {
  const results: readonly [string, () => unknown, (result: unknown) => void][] = [
    [
      "a tool message",
      () => new ToolMessage({ content: "sent", tool_call_id: "call_1", artifact: { receipt: 7 } }),
      (result) => {
        expect(result).toBeInstanceOf(ToolMessage);
        expect(result).toMatchObject({ content: "sent", artifact: { receipt: 7 } });
      },
    ],
    [
      "a command",
      () =>
        new Command({
          graph: Command.PARENT,
          goto: [new Send("audit", { amount: 500 }), "end"],
          update: { paid: true, messages: [new ToolMessage("sent", "call_1")] },
        }),
      (result) => {
        if (!isCommand(result)) throw new Error("Expected a command.");
        const { graph, goto, update } = result;
        expect({ graph, goto }).toEqual({
          graph: Command.PARENT,
          goto: [new Send("audit", { amount: 500 }), "end"],
        });
        expect(update).toMatchObject({ paid: true, messages: [{ content: "sent" }] });
        const { messages } = update as unknown as { messages: unknown[] };
        expect(messages[0]).toBeInstanceOf(ToolMessage);
      },
    ],
    [
      "anything else",
      () => ({ receipt: 7 }),
      (result) => expect(result).toMatchObject({ content: '{"receipt":7}', status: "success" }),
    ],
  ];
  test.each(results)("is %s again, and ran once", async (_name, give, check) => {
    const ran = vi.fn(give);
    const first = gateTools(transferTool(ran), options());
    check(await approved(first.invoke(toolCall(), thread)));
    const second = gateTools(transferTool(ran), options({ holdpoint: plane.client() }));
    check(await second.invoke(toolCall(), thread));
    expect(ran).toHaveBeenCalledTimes(1);
  });

  test("keeps content and artifact apart, and tells the model of an edit beside the content", async () => {
    const transfer = tool(async ({ amount }) => [`sent ${amount}`, { receipt: amount }], {
      name: "transfer",
      description: "",
      schema: Transfer,
      responseFormat: "content_and_artifact",
    });
    const gated = gateTools(transfer, options());
    const message = await approved(gated.invoke(toolCall(), thread), { amount: 50, to: "Ada" });
    expect(message.artifact).toEqual({ receipt: 50 });
    expect(message.content).toMatch(/^sent 50\n\nA person edited the arguments/);
    expect(await gated.invoke(toolCall(), thread)).toMatchObject({
      content: message.content,
      artifact: message.artifact,
    });
  });

  test("tells the model of an edit in a message within a command, and beside blocks", async () => {
    const messages = [
      new ToolMessage({ content: [{ type: "text", text: "sent" }], tool_call_id: "call_1" }),
      new ToolMessage("not this one", "call_0"),
    ];
    const gated = gateTools(
      transferTool(() => new Command({ update: { messages } })),
      options(),
    );
    const result = await approved(gated.invoke(toolCall(), thread), { amount: 50, to: "Ada" });
    const { update } = result as unknown as { update: { messages: ToolMessage[] } };
    expect(update.messages.map(({ content }) => content)).toEqual([
      [
        { type: "text", text: "sent" },
        { type: "text", text: expect.stringContaining("Changed /amount from 500 to 50.") },
      ],
      "not this one",
    ]);
    expect(messages[0]?.content).toHaveLength(1);
  });
});

describe("a call that did not run", () => {
  test("is a message for a model, with the decision for the program", async () => {
    const gated = gateTools(
      transferTool(() => "sent"),
      options(),
    );
    const ending = gated.invoke(toolCall(), thread);
    const { id } = await plane.waitForRequest();
    await plane.reject(id, { reason: "Not on a Friday." });
    const message = await ending;
    expect(message).toMatchObject({
      name: "transfer",
      tool_call_id: "call_1",
      status: "error",
      artifact: { holdpoint: { decision: { id, status: "REJECTED", reason: "Not on a Friday." } } },
    });
    expect(message.content).toMatch(/^STOP: .*Not on a Friday\..*Do not retry/s);
  });

  test("keeps its form where content and artifact come as a pair", async () => {
    const transfer = tool(async () => ["sent", {}], {
      name: "transfer",
      description: "",
      schema: Transfer,
      responseFormat: "content_and_artifact",
    });
    const gated = gateTools(transfer, options({ policy: "deny" }));
    const message = await gated.invoke(toolCall(), thread);
    expect(message).toMatchObject({ status: "error", artifact: { holdpoint: {} } });
  });

  test("is an error for a program that calls the tool itself", async () => {
    const gated = gateTools(
      transferTool(() => "sent"),
      options(),
    );
    const ending = gated.invoke(args).catch((thrown: unknown) => thrown);
    const { id } = await plane.waitForRequest();
    await plane.reject(id);
    const error = await ending;
    expect(error).toBeInstanceOf(ApprovalRejectedError);
    expect(error).toMatchObject({ code: "APPROVAL_REJECTED", requestId: id, decision: { id } });
    expect(await approved(gated.invoke(args))).toBe("sent");
    // There is no graph to interrupt for it: it waits.
    const durable = gateTools(
      transferTool(() => "sent"),
      options({ mode: "interrupt" }),
    );
    expect(await approved(durable.invoke(args))).toBe("sent");
  });

  test("tells a failure of the control plane with its code, and hands the error to the program", async () => {
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const holdpoint = plane.client({ fetch, maxRetries: 0 });
    const onError = vi.fn();
    const gated = gateTools(
      transferTool(() => "sent"),
      options({ holdpoint, onError }),
    );
    const message = await gated.invoke(toolCall(), thread);
    expect(message.status).toBe("error");
    expect(message.content).toMatch(/^ERROR: .*CONNECTION_FAILED/s);
    const { error } = message.artifact.holdpoint;
    expect(error).toMatchObject({ code: "CONNECTION_FAILED" });
    expect(onError).toHaveBeenCalledWith(
      error,
      expect.objectContaining({ tool: "transfer", args }),
    );
    await expect(gated.invoke(args)).rejects.toMatchObject({ code: "CONNECTION_FAILED" });
  });
});

describe("a tool that throws", () => {
  const broken = () => {
    throw new RangeError("The bank is closed, and the password is hunter2.");
  };

  test("is told as failed under an approval, without what it said", async () => {
    const onError = vi.fn();
    const gated = gateTools(transferTool(broken), options({ onError }));
    const message = await approved(gated.invoke(toolCall(), thread));
    expect(message.status).toBe("error");
    expect(message.content).toMatch(/^FAILED: bank \/ transfer was approved, ran, and failed/);
    expect(message.content).not.toContain("hunter2");
    const [error] = onError.mock.calls[0] as [unknown];
    expect(error).toBeInstanceOf(ExecutionFailedError);
    expect(error).toMatchObject({ code: "EXECUTION_FAILED", cause: expect.any(RangeError) });
    expect(message.artifact).toEqual({ holdpoint: { error } });
  });

  test("throws what it threw where nobody was asked, or a program called it", async () => {
    const allowed = gateTools(transferTool(broken), options({ policy: "allow" }));
    await expect(allowed.invoke(toolCall(), thread)).rejects.toBeInstanceOf(RangeError);
    const asked = gateTools(transferTool(broken), options());
    const ending = asked.invoke(args);
    await expect(approved(ending)).rejects.toBeInstanceOf(RangeError);
  });

  test("ends the run where onError throws", async () => {
    const onError = () => {
      throw new Error("Stop everything.");
    };
    const gated = gateTools(transferTool(broken), options({ onError }));
    await expect(approved(gated.invoke(toolCall(), thread))).rejects.toThrow("Stop everything.");
  });

  test("lets an interrupt of the tool's own through", async () => {
    const interrupted = transferTool(() => {
      throw new GraphInterrupt([{ value: "Which bank?" }]);
    });
    for (const policy of ["allow", "ask"] as const) {
      const gated = gateTools(interrupted, options({ policy }));
      const ending = gated.invoke(toolCall(), thread);
      await expect(policy === "ask" ? approved(ending) : ending).rejects.toBeInstanceOf(
        GraphInterrupt,
      );
    }
  });
});

test("an abort is thrown as it is, and the request stays open", async () => {
  const abort = new AbortController();
  const ran = vi.fn();
  const gated = gateTools(transferTool(ran), options());
  const ending = gated.invoke(toolCall(), { ...thread, signal: abort.signal });
  const { id } = await plane.waitForRequest();
  const reason = new Error("The user has left.");
  abort.abort(reason);
  await expect(ending).rejects.toBe(reason);
  expect(await plane.request(id)).toMatchObject({ status: "PENDING" });
  expect(ran).not.toHaveBeenCalled();
});

test("the tool learns the key of its approval, and no other tool does", async () => {
  const keys: (string | undefined)[] = [];
  const inner = gateTools(
    tool(async (_input, config) => keys.push(getIdempotencyKey(config)), {
      name: "inner",
      description: "",
      schema: z.object({}),
    }),
    options({ policy: "allow" }),
  );
  const outer = gateTools(
    transferTool(async (_input, config) => {
      keys.push(getIdempotencyKey(config));
      await inner.invoke(toolCall("inner", {}, "call_2"), config);
      return "sent";
    }),
    options(),
  );
  await approved(outer.invoke(toolCall(), thread));
  const [{ id } = { id: "" }] = (await plane.client().requests.list()).data;
  expect(keys).toEqual([id, undefined]);
  expect(getIdempotencyKey(undefined)).toBeUndefined();
});

describe("[G4] what is set up wrongly is told when the gate is made", () => {
  const transfer = transferTool(() => "sent");
  const wrong: readonly [string, () => unknown][] = [
    ["gated twice", () => gateTools(gateTools(transfer, options()), options())],
    [
      "a tool that runs at the provider",
      () => gateTools([{ type: "web_search" } as unknown as GateableTool], options()),
    ],
    ["no tool", () => gateTools(undefined as unknown as GateableTool, options())],
    ["an unknown mode", () => gateTools(transfer, options({ mode: "durable" as "wait" }))],
    ["an unknown policy", () => gateTools(transfer, options({ policy: "approve" as "ask" }))],
  ];
  test.each(wrong)("%s", (_name, make) => {
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(expect.objectContaining({ code: "CONFIGURATION_INVALID" }));
  });

  test("no API key", () => {
    vi.stubEnv("HOLDPOINT_API_KEY", "");
    expect(() => gateTools(transfer, { service: "bank" })).toThrow(ConfigurationError);
    vi.unstubAllEnvs();
  });
});
