import { generateText, type InferUITools, streamText, type Tool, tool } from "ai";
import { generateText as generateText6, type Tool as Tool6, tool as tool6 } from "ai6";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type ApprovalInput,
  gateTools,
  holdpoint,
  holdpointApproval,
  resumeFromWebhook,
} from "./index.js";

const options = { service: "bank" };
const inputSchema = z.object({ amount: z.number() });
const tools = {
  transfer: tool({
    description: "",
    inputSchema,
    execute: async ({ amount }) => ({ sent: amount }),
  }),
  count: tool({
    description: "",
    inputSchema,
    async *execute({ amount }) {
      yield amount;
    },
  }),
};

test("gated tools are the same tools", () => {
  const gated = gateTools(tools, options);
  expectTypeOf(gated).toEqualTypeOf<typeof tools>();
  expectTypeOf(gated.transfer).toEqualTypeOf<typeof tools.transfer>();
  expectTypeOf<InferUITools<typeof gated>["transfer"]>().toEqualTypeOf<{
    input: { amount: number };
    output: { sent: number };
  }>();
});

test("results keep their types, through generateText and streamText", async () => {
  const gated = gateTools(tools, options);
  const { staticToolResults } = await generateText({ model: "m", prompt: "", tools: gated });
  type Result = (typeof staticToolResults)[number];
  type Transfer = Extract<Result, { toolName: "transfer" }>;
  expectTypeOf<Transfer["output"]>().toEqualTypeOf<{ sent: number }>();
  expectTypeOf<Transfer["input"]>().toEqualTypeOf<{ amount: number }>();
  streamText({ model: "m", prompt: "", tools: gated, toolApproval: holdpointApproval });
});

test("tools of ai 6 are gated as well", async () => {
  const sixth = { transfer: tool6({ inputSchema, execute: async () => ({ sent: 1 }) }) };
  const gated = gateTools(sixth, options);
  expectTypeOf(gated.transfer).toEqualTypeOf<Tool6<{ amount: number }, { sent: number }>>();
  await generateText6({ model: "m", prompt: "", tools: gated });
});

test("durable tools need a name for the run", () => {
  gateTools(tools, { service: "bank", durable: true, runId: "chat-1" });
  // @ts-expect-error without it nobody finds the questions again
  gateTools(tools, { service: "bank", durable: true });
  // @ts-expect-error a tool has an input schema
  gateTools({ transfer: {} }, options);
});

test("the approval tool has the input of its schema, and answers with a text", () => {
  expectTypeOf(holdpoint(options)).toExtend<Tool<ApprovalInput, string>>();
  expectTypeOf(holdpoint({ service: "b", inputSchema })).toExtend<
    Tool<{ amount: number }, string>
  >();
});

test("a resumed run has the tools with their types", () => {
  resumeFromWebhook({
    ...options,
    tools,
    resume: ({ tools: gated, messages }) => {
      expectTypeOf(gated).toEqualTypeOf<typeof tools>();
      return generateText({ model: "m", tools: gated, messages });
    },
  });
});
