import { Agent, type FunctionTool, hostedMcpTool, run, tool } from "@openai/agents";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createDurableGate, createHoldpointTool, gateTools } from "./index.js";

const transfer = tool({
  name: "transfer",
  description: "Sends money.",
  parameters: z.object({ amount: z.number() }),
  execute: async ({ amount }) => `sent ${amount}`,
});
const read = tool({
  name: "read",
  description: "Reads.",
  parameters: z.object({ id: z.string() }),
  execute: async ({ id }) => id,
});

interface Session {
  readonly conversationId: string;
}

describe("gated tools", () => {
  test("keep their types, each its own", () => {
    const [first, second] = gateTools([transfer, read], { service: "bank" });
    expectTypeOf(first).toEqualTypeOf(transfer);
    expectTypeOf(second).toEqualTypeOf(read);
    const [one] = createDurableGate({ service: "bank", runId: "run" }).gateTools([transfer]);
    expectTypeOf(one).toEqualTypeOf(transfer);
    const list: FunctionTool[] = [];
    expectTypeOf(gateTools(list, { service: "bank" })).toEqualTypeOf<FunctionTool[]>();
  });

  test("go to an agent as they are, with its context", () => {
    new Agent({ name: "bare", tools: gateTools([transfer, read], { service: "bank" }) });
    new Agent<Session>({
      name: "with a context",
      tools: [
        ...gateTools([transfer], { service: "bank" }),
        createHoldpointTool<Session>({
          service: "bank",
          runId: ({ context }) => context.conversationId,
        }),
      ],
    });
  });

  test("are function tools", () => {
    const hosted = hostedMcpTool({ serverLabel: "crm", serverUrl: "https://crm.example" });
    // @ts-expect-error OpenAI runs it, so it cannot be held here
    gateTools([hosted], { service: "bank" });
  });
});

describe("a durable gate", () => {
  const agent = new Agent<Session>({ name: "agent" });

  test("needs a runId, and reads it from the run's context", async () => {
    // @ts-expect-error without it another process cannot find the questions
    createDurableGate({ service: "bank" });
    const gate = createDurableGate<Session>({
      service: "bank",
      runId: ({ context }) => context.conversationId,
    });
    const result = await run(agent, "Go on.", { context: { conversationId: "c" } });
    await gate.parkInterruptions(result);
    // @ts-expect-error another context
    await gate.parkInterruptions(await run(agent, "Go on.", { context: { chat: 1 } }));
  });

  test("gives back the run's result", async () => {
    const gate = createDurableGate<Session>({ service: "bank", runId: "run" });
    const result = await gate.resume("…", { agent });
    expectTypeOf(result.finalOutput).toEqualTypeOf<string | undefined>();
    expectTypeOf(result.runContext.context).toEqualTypeOf<Session>();
    gate.resumeFromWebhook({
      agent,
      run: (state) => run(agent, state),
      context: (parked) => ({ conversationId: parked.conversationId }),
      onResult: ({ finalOutput }) => expectTypeOf(finalOutput).toEqualTypeOf<string | undefined>(),
    });
  });
});
