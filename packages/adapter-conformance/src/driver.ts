import type { Holdpoint, WebhookHandler } from "@holdpoint/sdk";
import type { GatePolicy } from "@holdpoint/sdk/adapter";
import type { z } from "zod";
import type { AttackId } from "./attacks.js";

/** One conversation of the adapter's framework, with its official fake model. */
export interface Scene {
  /** Give it to the adapter. */
  readonly holdpoint: Holdpoint;
  /** Give it to the adapter. */
  readonly service: string;
  /** The conversation's id, in the framework's own way where it has one. */
  readonly runId: string;
  /** All of them are gated by one call of `gateTools`, or what the adapter calls it. */
  readonly tools: readonly SceneTool[];
  /** What the model calls in its first turn, all at once. In its second it only says "done". */
  readonly calls: readonly SceneCall[];
  readonly policy?: GatePolicy;
  readonly signal?: AbortSignal;
  /** Milliseconds until a question expires. */
  readonly timeoutMs?: number;
  /** Milliseconds that an action of the gate waits for a person. Default: the adapter's. */
  readonly waitMs?: number;
}

export interface SceneTool {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  /** Has the effect that the suite counts. */
  readonly run: (args: unknown) => Promise<unknown>;
}

export interface SceneCall {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * What the model was given for each of its calls, by call id: the whole text of the tool result, as
 * the framework sent it to the model (taken from what the fake model received, not from the tool).
 */
export type Answers = Readonly<Record<string, string>>;

/** What another process needs to go on: plain JSON. */
export type Parked = { readonly [member: string]: unknown };

/** What the suite needs of an adapter. Each call is a few lines of the framework. */
export interface AdapterDriver {
  /** The package. */
  readonly name: string;
  /**
   * (a) Runs the conversation in this process, waiting for people, until the model has all its
   * answers. Rejects as the framework's user would see it reject.
   */
  gate(scene: Scene): Promise<Answers>;
  /**
   * (b) The model calls the approval tool of the adapter, made for `service` and the action
   * `transfer`, with `payload`.
   *
   * @returns what the model was given.
   */
  ask(scene: Omit<Scene, "tools" | "calls">, payload: SceneCall["args"]): Promise<string>;
  /**
   * (d) Runs the conversation with the adapter's spend tools, under their own names and with the
   * scene's `runId`, beside `tools`, which are gated. Otherwise as {@link AdapterDriver.gate}.
   */
  spend(scene: Scene): Promise<Answers>;
  /**
   * (e) Runs the conversation with the actions of the gate, by the scene's `runId` and `waitMs`, beside
   * `tools`, which are gated. Otherwise as {@link AdapterDriver.gate}.
   */
  act(scene: Scene): Promise<Answers>;
  /** (c) Runs the conversation until it waits for people, and ends. Absent: no durable way. */
  readonly durable?: DurableDriver;
  /** Attacks that the framework makes impossible to mount, or to stand, each with the reason. */
  readonly skips?: Partial<Record<AttackId, string>>;
}

export interface DurableDriver {
  /** Resolves when every question has been put; nothing of the conversation is left in memory. */
  park(scene: Scene): Promise<Parked>;
  /**
   * Goes on from what was parked, as another process with the tools of `scene` would, without waiting
   * for people. A call that nobody has decided is left undecided: not run.
   */
  resume(scene: Scene, parked: Parked): Promise<Answers>;
  /** A webhook handler that goes on as `resume` does. */
  handler(
    scene: Scene,
    options: { readonly secret: string; readonly onAnswers: (answers: Answers) => void },
  ): WebhookHandler;
  /** What somebody does who gets at what is parked, or at the resume value. */
  readonly tamper: {
    /** The parked call gets other arguments. */
    changeArguments(parked: Parked, callId: string, args: SceneCall["args"]): Parked;
    /** The framework's own mark of approval, without a decision of Holdpoint's. */
    forgeApproval(parked: Parked, callId: string): Parked;
    /** The parked call names another tool. */
    switchTool(parked: Parked, callId: string, tool: string): Parked;
    /** The parked conversation is taken for another one. */
    moveTo(parked: Parked, runId: string): Parked;
  };
}
