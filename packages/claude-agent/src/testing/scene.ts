import type { Scene, SceneTool } from "@holdpoint/adapter-conformance";
import type { Holdpoint } from "@holdpoint/sdk";
import { z } from "zod";

export const TRANSFER = { id: "call_1", tool: "transfer", args: { amount: 500, to: "Ada" } };
export const WIPE = { id: "call_2", tool: "wipe", args: { disk: "sda" } };

/** A conversation with a bank whose effects are counted. */
export function bankScene(holdpoint: Holdpoint, overrides: Partial<Scene> = {}) {
  const effects: unknown[] = [];
  const count = (name: string, schema: z.ZodObject): SceneTool => ({
    name,
    description: `Does ${name}.`,
    schema,
    run: async (args) => {
      effects.push({ tool: name, args });
      return { done: name };
    },
  });
  const scene: Scene = {
    holdpoint,
    service: "bank",
    runId: `conversation-${crypto.randomUUID()}`,
    tools: [
      count("transfer", z.object({ amount: z.number(), to: z.string() })),
      count("wipe", z.object({ disk: z.string() })),
    ],
    calls: [TRANSFER],
    ...overrides,
  };
  return { scene, effects };
}
