import {
  ApprovalRejectedError,
  ConfigurationError,
  type Holdpoint,
  OutcomeUnknownError,
} from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { dynamicTool, jsonSchema, ToolLoopAgent as ToolLoopAgent7, tool } from "ai";
import { ToolLoopAgent as ToolLoopAgent6 } from "ai6";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { approvalOf, GatedToolError, type GateToolsOptions, gateTools } from "./index.js";
import { createBank, TRANSFER } from "./testing/bank.js";
import { type ContentPart, frameworkOf, MAJORS } from "./testing/framework.js";
import { createModel, type ModelCall } from "./testing/model.js";

let plane: TestControlPlane;
let client: Holdpoint;
beforeEach(async () => {
  plane = await createTestControlPlane();
  client = plane.client();
});
afterEach(() => plane.close());

function gating(options: Partial<GateToolsOptions> = {}): GateToolsOptions {
  return { service: "bank", holdpoint: client, runId: "chat-1", ...options } as GateToolsOptions;
}

describe.each(MAJORS)("with ai %i", (major) => {
  const framework = frameworkOf(major);

  /** The model makes the calls; resolves with what became of them. */
  function run(tools: object, calls: readonly ModelCall[] = [TRANSFER]) {
    const fake = createModel(major, [{ calls }]);
    const ended = framework.generate({ model: fake.model, tools: tools as never });
    return ended.then((result) => ({ ...result, answerTo: fake.answerTo }));
  }

  test("a no is a typed error for the program and a text for the model", async () => {
    const { sent, tools } = createBank();
    const running = run(gateTools(tools, gating()));
    const { id } = await plane.waitForRequest();
    await plane.reject(id, { reason: "Not on a Friday." });
    const { content, answerTo } = await running;
    const error = errorIn(content);
    expect(error).toBeInstanceOf(ApprovalRejectedError);
    expect(error).toMatchObject({
      code: "APPROVAL_REJECTED",
      requestId: id,
      decision: { status: "REJECTED", reason: "Not on a Friday." },
    });
    expect(answerTo(TRANSFER.id)).toMatch(/^STOP: a person rejected bank \/ transfer\./);
    expect(sent).toEqual([]);
  });

  test("what the policy denies is a typed error too, and nobody is asked", async () => {
    const { sent, tools } = createBank();
    const { content } = await run(gateTools(tools, gating({ policy: { transfer: "deny" } })));
    expect(errorIn(content)).toBeInstanceOf(ApprovalRejectedError);
    expect(errorIn(content)).toMatchObject({ code: "NOT_APPROVED" });
    expect([...sent, ...(await plane.pending())]).toEqual([]);
  });

  test("[G4] a failure is typed, with its cause, and tells the model what to do", async () => {
    const { sent, tools } = createBank();
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const away = plane.client({ fetch, maxRetries: 0 });
    const { content, answerTo } = await run(gateTools(tools, gating({ holdpoint: away })));
    expect(errorIn(content)).toBeInstanceOf(GatedToolError);
    expect(errorIn(content)).toMatchObject({
      code: "CONNECTION_FAILED",
      retryable: true,
      cause: { code: "CONNECTION_FAILED" },
    });
    expect(answerTo(TRANSFER.id)).toMatch(/^ERROR: there is no approval for bank \/ transfer/);
    expect(sent).toEqual([]);
  });

  test("[G4] what the options' own functions throw: nothing runs, and the model is not told", async () => {
    const { sent, tools } = createBank();
    const fails = () => {
      throw new Error("hunter2");
    };
    for (const options of [{ action: fails }, { metadata: fails }, { onPending: fails }]) {
      const { content, answerTo } = await run(gateTools(tools, gating(options)));
      expect(errorIn(content)).toMatchObject({
        code: "CONFIGURATION_INVALID",
        cause: new Error("hunter2"),
      });
      expect(answerTo(TRANSFER.id)).not.toContain("hunter2");
    }
    expect(sent).toEqual([]);
  });

  test("what the tool throws stays what it is; what others call under its approval is told apart", async () => {
    const failure = new OutcomeUnknownError({ code: "OUTCOME_UNKNOWN", message: "Its own." });
    const { tools } = createBank();
    const transfer = { ...tools.transfer, execute: () => Promise.reject(failure) };
    const gated = gateTools({ transfer }, gating());
    const running = run(gated);
    await plane.approve((await plane.waitForRequest()).id);
    expect(errorIn((await running).content)).toBe(failure);
    const again = await run(gated);
    expect(errorIn(again.content)).toMatchObject({ code: "EXECUTION_FAILED" });
    expect(again.answerTo(TRANSFER.id)).toContain("FAILED: bank / transfer was approved");
  });

  test("a result that a person changed keeps its type; the model is told beside it", async () => {
    const { sent, tools } = createBank();
    const running = run(gateTools(tools, gating()));
    const { id } = await plane.waitForRequest();
    await plane.approve(id, { patch: { amount: 5, to: "Ada" }, reason: "Less." });
    const { content, answerTo } = await running;
    expect(resultIn(content)).toEqual({ receipt: "5 to Ada" });
    expect(answerTo(TRANSFER.id)).toMatchInlineSnapshot(`
      "{"receipt":"5 to Ada"}

      A person edited the arguments before this ran. It ran with these, and not with the ones you gave:
      {"amount":5,"to":"Ada"}
      What was changed: Changed /amount from 500 to 5.
      [{"path":"/amount","from":500,"to":5}]
      The person's comment: Less."
    `);
    expect(sent).toEqual([{ amount: 5, to: "Ada" }]);
  });

  test("an approval without a word, and a call nobody was asked about, leave the result alone", async () => {
    for (const policy of ["ask", "allow"] as const) {
      const { tools } = createBank();
      const running = run(gateTools(tools, gating({ policy, runId: policy })));
      if (policy === "ask") await plane.approve((await plane.waitForRequest()).id);
      expect((await running).answerTo(TRANSFER.id)).toBe('{"receipt":"500 to Ada"}');
    }
  });

  test("the tool's own toModelOutput is kept, with the note behind it", async () => {
    const { tools } = createBank();
    const toModelOutput = () => ({
      type: "content" as const,
      value: [{ type: "text" as const, text: "Sent." }],
    });
    const transfer = { ...tools.transfer, toModelOutput };
    const running = run(gateTools({ transfer }, gating()));
    await plane.approve((await plane.waitForRequest()).id, { reason: "Fine." });
    const told = JSON.parse((await running).answerTo(TRANSFER.id) as string) as unknown[];
    expect(told).toMatchObject([{ text: "Sent." }, { text: "The person's comment: Fine." }]);
  });

  describe("a chat that comes back from the browser", () => {
    /** As the user interface keeps the call: its result, and nothing of the note. */
    const kept = (output: unknown) => [
      {
        role: "assistant" as const,
        parts: [
          {
            type: "tool-transfer" as const,
            state: "output-available" as const,
            toolCallId: TRANSFER.id,
            input: TRANSFER.args,
            output,
          },
        ],
      },
    ];

    async function tellAgain(tools: object): Promise<string> {
      const chat = kept({ receipt: "5 to Ada" });
      const options = { tools: tools as never };
      return JSON.stringify(await framework.convertToModelMessages(chat, options));
    }

    async function edited(options: Partial<GateToolsOptions> = {}) {
      const { tools } = createBank();
      const running = run(gateTools(tools, gating(options)));
      const patch = { amount: 5, to: "Ada" };
      await plane.approve((await plane.waitForRequest()).id, { patch });
      await running;
      return tools;
    }

    test("is told in another process what the person changed", async () => {
      const tools = await edited();
      const elsewhere = gateTools(tools, gating({ holdpoint: plane.client() }));
      expect(await tellAgain(elsewhere)).toContain("Changed /amount from 500 to 5.");
    });

    test("is told when that cannot be looked up", async () => {
      const tools = await edited();
      const fetch = () => Promise.reject(new TypeError("fetch failed"));
      const away = plane.client({ fetch, maxRetries: 0 });
      const told = await tellAgain(gateTools(tools, gating({ holdpoint: away })));
      expect(told).toContain("cannot be looked up");
    });

    test("without a name for the run, only this process knows", async () => {
      const tools = await edited({ runId: undefined });
      const told = await tellAgain(gateTools(tools, gating({ runId: undefined })));
      expect(told).not.toContain("Changed");
    });

    test("asks nobody about calls that a client has made up", async () => {
      const { tools } = createBank();
      const told = await tellAgain(gateTools(tools, gating({ runId: "made-up" })));
      expect(told).toContain('"value":{"receipt":"5 to Ada"}');
      expect(await plane.pending()).toEqual([]);
    });
  });

  test("execute learns of its approval, and of the end of its right to run", async () => {
    const received = vi.fn(async (_input: unknown, options: { abortSignal?: AbortSignal }) => {
      const approval = approvalOf(options);
      return { key: approval?.idempotencyKey, signal: options.abortSignal instanceof AbortSignal };
    });
    const { tools } = createBank();
    const transfer = { ...tools.transfer, execute: received };
    const running = run(gateTools({ transfer }, gating()));
    const { id } = await plane.waitForRequest();
    await plane.approve(id);
    const result = resultIn((await running).content);
    expect(result).toEqual({ key: expect.stringMatching(/./), signal: true });
    await run(gateTools({ transfer }, gating({ policy: "allow" })));
    expect(approvalOf(received.mock.lastCall?.[1] as object)).toBeUndefined();
  });

  test("an agent of the framework's takes gated tools as they are", async () => {
    const { sent, tools } = createBank();
    const { model, answerTo } = createModel(major, [{ calls: [TRANSFER] }]);
    const ToolLoopAgent = { 7: ToolLoopAgent7, 6: ToolLoopAgent6 as never }[major];
    const settings = { model, tools: gateTools(tools, gating()) };
    const agent = new ToolLoopAgent(settings as never);
    const running = agent.generate({ prompt: "Pay." });
    const { id } = await plane.waitForRequest();
    await plane.approve(id, { patch: { amount: 5, to: "Ada" } });
    expect((await running).text).toBe("done");
    expect(answerTo(TRANSFER.id)).toContain("Changed /amount from 500 to 5.");
    expect(sent).toEqual([{ amount: 5, to: "Ada" }]);
  });

  test("dynamic tools are gated like others", async () => {
    const execute = vi.fn(async (input: unknown) => input);
    const schema = { type: "object", properties: { amount: { type: "number" } } } as const;
    const mcp = dynamicTool({ description: "", inputSchema: jsonSchema(schema), execute });
    const running = run(gateTools({ transfer: mcp }, gating()));
    const request = await plane.waitForRequest();
    expect(request).toMatchObject({ schema });
    await plane.approve(request.id, { patch: { amount: 1 } });
    expect(resultIn((await running).content)).toEqual({ amount: 1 });
  });

  const { tools } = createBank();
  const check = (value: unknown) => {
    const { amount } = value as { amount: number };
    const isEven = amount % 2 === 0;
    return isEven
      ? ({ success: true, value } as const)
      : ({ success: false, error: new Error("odd") } as const);
  };
  const json = { type: "object", properties: { amount: { type: "number" } } } as const;
  const SCHEMAS: readonly [string, unknown][] = [
    ["zod 4", z.object({ amount: z.number() })],
    ["zod 3", z3.object({ amount: z3.number() })],
    ["jsonSchema()", jsonSchema(json)],
    [
      "jsonSchema() with a promise and a check",
      jsonSchema(Promise.resolve(json), { validate: check as never }),
    ],
    ["a lazy schema", () => jsonSchema(json)],
  ];
  test.each(SCHEMAS)("%s makes the form, and binds the edit", async (_name, inputSchema) => {
    const execute = vi.fn(async (input: unknown) => input);
    const transfer = { ...tools.transfer, inputSchema, execute };
    const calls = [{ ...TRANSFER, args: { amount: 500 } }];
    const running = run(gateTools({ transfer }, gating()), calls);
    const { id, schema } = await plane.waitForRequest();
    expect(schema).toMatchObject({ properties: { amount: { type: "number" } } });
    const broken = plane.approve(id, { patch: { amount: "1" } });
    await expect(broken).rejects.toMatchObject({ code: "PATCH_INVALID" });
    await plane.approve(id, { patch: { amount: 2 } });
    expect(resultIn((await running).content)).toEqual({ amount: 2 });
  });

  test("[G4] an edit that only the tool's own check refuses does not run", async () => {
    const execute = vi.fn();
    const inputSchema = jsonSchema(json, { validate: check as never });
    const transfer = { ...tools.transfer, inputSchema, execute };
    const running = run(gateTools({ transfer }, gating()), [
      { ...TRANSFER, args: { amount: 500 } },
    ]);
    const { id } = await plane.waitForRequest();
    await plane.approve(id, { patch: { amount: 3 } });
    const { content } = await running;
    expect(errorIn(content)).toMatchObject({ cause: { code: "PATCH_INVALID" } });
    expect(execute).not.toHaveBeenCalled();
  });

  test("[G4] a schema that makes something else of the input: nothing runs, and it says so", async () => {
    const execute = vi.fn();
    const inputSchema = z.object({ when: z.string().transform((text) => new Date(text)) });
    const transfer = { ...tools.transfer, inputSchema, execute };
    const calls = [{ ...TRANSFER, args: { when: "2026-11-28" } }];
    const { content } = await run(gateTools({ transfer }, gating()), calls);
    expect(errorIn(content)).toMatchObject({ code: "VALIDATION_FAILED" });
    expect(execute).not.toHaveBeenCalled();
  });
});

describe.each(MAJORS)("a tool that runs elsewhere, with ai %i", (major) => {
  const call = { id: "call_1", tool: "showMap", args: { place: "Ada" } };
  const { generate, stream } = frameworkOf(major);

  test.each(["observe", "allow"] as const)(
    "is told of as the policy has it: %s",
    async (policy) => {
      const onInputAvailable = vi.fn();
      const inputSchema = z.object({ place: z.string() });
      const showMap = tool({ description: "In the browser.", inputSchema, onInputAvailable });
      const tools = gateTools({ showMap }, gating({ policy })) as never;
      await generate({ model: createModel(major, [{ calls: [call] }]).model, tools });
      const streamed = stream({ model: createModel(major, [{ calls: [call] }]).model, tools });
      for await (const _part of streamed.fullStream);
      await client.flush();
      const told = { service: "bank", action: "showMap", run_id: "chat-1" };
      const expected = policy === "observe" ? [told, told] : [];
      expect(await plane.observations()).toMatchObject(expected);
      expect(onInputAvailable.mock.calls.map(([{ input }]) => input)).toEqual([
        call.args,
        call.args,
      ]);
    },
  );
});

describe("gateTools", () => {
  const showMap = tool({ description: "In the browser.", inputSchema: z.object({}) });

  test("no API key is told when the tools are gated, not when a call is pending", () => {
    vi.stubEnv("HOLDPOINT_API_KEY", "");
    expect(() => gateTools(createBank().tools, { service: "bank" })).toThrow(ConfigurationError);
    vi.unstubAllEnvs();
  });

  test("[G4] a tool that runs elsewhere is refused, unless the policy names it as harmless", () => {
    for (const policy of [undefined, "ask", "deny", { "*": "ask" }, () => false] as const) {
      expect(() => gateTools({ showMap }, gating({ policy }))).toThrow(ConfigurationError);
    }
    for (const policy of ["allow", { showMap: "allow" }, { "*": "allow" }] as const) {
      expect(gateTools({ showMap }, gating({ policy })).showMap).toBe(showMap);
    }
    expect(gateTools({ showMap }, gating({ policy: "observe" }))).toMatchObject({
      showMap: { description: "In the browser.", inputSchema: showMap.inputSchema },
    });
  });

  test("durable needs a name for the run, and decides alone which calls need a person", () => {
    const { transfer } = createBank().tools;
    const nameless = { ...gating(), durable: true, runId: "" } as const;
    expect(() => gateTools({ transfer }, nameless)).toThrow(ConfigurationError);
    const own = { transfer: { ...transfer, needsApproval: true } };
    const durable = { ...gating(), durable: true, runId: "chat-1" } as const;
    expect(() => gateTools(own, durable)).toThrow(ConfigurationError);
  });

  test("writes into nothing that it is given", () => {
    const { transfer } = createBank().tools;
    const tools = Object.freeze({ transfer: Object.freeze(transfer) });
    const gated = gateTools(tools, Object.freeze(gating()));
    expect(gated.transfer).not.toBe(transfer);
    expect(gated.transfer).toMatchObject({ description: "Sends money." });
    expect(gated.transfer.inputSchema).toBe(transfer.inputSchema);
  });
});

function errorIn(content: readonly ContentPart[]): unknown {
  return content.find(({ type }) => type === "tool-error")?.error;
}

function resultIn(content: readonly ContentPart[]): unknown {
  return content.find(({ type }) => type === "tool-result")?.output;
}
