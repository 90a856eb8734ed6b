import type { PayloadSchema } from "@holdpoint/sdk";

/**
 * A tool as crews in TypeScript have it: a name, a description, a schema, and a way to run it. A
 * LangChain tool, as KaibanJS takes it, is one too.
 */
export interface CrewTool {
  readonly name: string;
  readonly description: string;
  /** zod, any Standard Schema with JSON Schema, or a JSON Schema. */
  readonly schema?: unknown;
}

/** What a crew may give a tool beside its input, as its second argument. */
export interface CrewToolContext {
  /** The call's id, where the crew has one. */
  readonly toolCallId?: string;
  /** The run of the crew. */
  readonly runId?: string;
  readonly signal?: AbortSignal;
}

/** The names under which crews run a tool. */
export const RUN_METHODS = ["run", "invoke", "execute", "call", "func", "_call", "_run"] as const;

export type RunMethod = (input: unknown, context?: CrewToolContext, ...rest: unknown[]) => unknown;

/** How a tool can be run, by the names it has for that. */
export function listRunMethods(tool: CrewTool): readonly (readonly [string, RunMethod])[] {
  return RUN_METHODS.flatMap((name) => {
    const method: unknown = (tool as unknown as Record<string, unknown>)[name];
    return typeof method === "function" ? [[name, method.bind(tool) as RunMethod] as const] : [];
  });
}

export function schemaOf({ schema }: CrewTool): PayloadSchema | undefined {
  return schema as PayloadSchema | undefined;
}
