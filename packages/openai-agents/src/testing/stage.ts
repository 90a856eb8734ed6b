import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { Runner, tool } from "@openai/agents";
import { functionCall } from "@openai/agents/testing";
import { z } from "zod";

export const runner = new Runner({ tracingDisabled: true });

export const TRANSFER = { amount: 500, to: "Ada" };

/** A control plane, and a tool whose effects are counted. */
export async function createStage() {
  const holdpoint: TestControlPlane = await createTestControlPlane();
  const effects: unknown[] = [];
  const options = { holdpoint: holdpoint.client(), service: "bank" };
  const makeTool = (name = "transfer") =>
    tool({
      name,
      description: "Sends money.",
      parameters: z.object({ amount: z.number().max(1_000), to: z.string() }),
      execute: async (args) => {
        effects.push(args);
        return "sent";
      },
    });
  return {
    holdpoint,
    effects,
    options,
    makeTool,
    [Symbol.asyncDispose]: () => holdpoint.close(),
  };
}

export function transferCall(callId = "call_1", name = "transfer") {
  return functionCall(name, TRANSFER, { callId });
}
