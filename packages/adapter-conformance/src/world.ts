import type { WireRequest } from "@holdpoint/protocol";
import type { Holdpoint, HoldpointOptions } from "@holdpoint/sdk";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { z } from "zod";
import type { Scene, SceneCall, SceneTool } from "./driver.js";

/** Something that a tool did to the world. */
export interface Effect {
  readonly tool: string;
  readonly args: unknown;
}

/** A real control plane, and tools whose effects are counted. */
export interface World extends AsyncDisposable {
  readonly holdpoint: TestControlPlane;
  readonly effects: readonly Effect[];
  /** A client, as each process has its own. */
  client(options?: HoldpointOptions): Holdpoint;
  /** A conversation with one call of `transfer`, but for what is given. */
  scene(overrides?: Partial<Scene>): Scene;
  /** A tool that counts its effects here. */
  tool(name: string, schema?: z.ZodObject, run?: SceneTool["run"]): SceneTool;
}

export const SERVICE = "bank";
/** What {@link World.scene} calls by default. */
export const TRANSFER: SceneCall = {
  id: "call_1",
  tool: "transfer",
  args: { amount: 500, to: "Ada" },
};
export const WIPE: SceneCall = { id: "call_2", tool: "wipe", args: { disk: "sda" } };

const TRANSFER_SCHEMA = z.object({ amount: z.number().int().min(1).max(1_000), to: z.string() });
const WIPE_SCHEMA = z.object({ disk: z.string() });

/** What the tool `transfer` returns: nothing else says it, so a model that read it was given it. */
export function receiptOf(args: unknown): string {
  const { amount, to } = args as { amount: number; to: string };
  return `receipt-${amount}-${to}`;
}

let runs = 0;

/** Builds scenes with tools that push to `effects`. */
export function createScenes(holdpoint: Holdpoint, effects: Effect[]) {
  const tool: World["tool"] = (name, schema = TRANSFER_SCHEMA, run = defaultRun) => ({
    name,
    description: `Does ${name}.`,
    schema,
    run: async (args) => {
      effects.push({ tool: name, args });
      return run(args);
    },
  });
  const scene: World["scene"] = (overrides = {}) => {
    runs += 1;
    return {
      holdpoint,
      service: SERVICE,
      runId: `conversation-${runs}`,
      tools: [tool("transfer"), tool("wipe", WIPE_SCHEMA)],
      calls: [TRANSFER],
      ...overrides,
    };
  };
  return { tool, scene };
}

async function defaultRun(args: unknown): Promise<unknown> {
  const { amount } = args as { amount?: number };
  return amount === undefined ? { done: true } : { receipt: receiptOf(args) };
}

/** @param encryptionKey - Given to agent and operator: the control plane sees ciphertext. */
export async function createWorld(encryptionKey?: string): Promise<World> {
  const holdpoint = await createTestControlPlane(encryptionKey ? { encryptionKey } : {});
  const effects: Effect[] = [];
  const client = (options?: HoldpointOptions) => holdpoint.client(options);
  return {
    holdpoint,
    effects,
    client,
    ...createScenes(client(), effects),
    [Symbol.asyncDispose]: () => holdpoint.close(),
  };
}

/**
 * The question of a call, while the conversation goes on.
 *
 * @throws when the conversation ends first: nobody was asked.
 */
export async function question(
  { holdpoint }: Pick<World, "holdpoint">,
  { tool }: Pick<SceneCall, "tool">,
  conversation: Promise<unknown>,
): Promise<WireRequest> {
  const ended = conversation.then(
    (answers) => {
      throw new Error(`Expected a question for ${tool}, got an answer: ${JSON.stringify(answers)}`);
    },
    (error: unknown) => {
      throw new Error(`Expected a question for ${tool}, got an error.`, { cause: error });
    },
  );
  return Promise.race([holdpoint.waitForRequest({ action: tool }, { timeoutMs: 30_000 }), ended]);
}
