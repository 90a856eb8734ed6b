import { ValidationError } from "@holdpoint/sdk";
import type { RunnableConfig } from "@langchain/core/runnables";
import { getCheckpointId } from "@langchain/langgraph-checkpoint";

/** A thread, or one namespace of it. The root graph's is empty, a subgraph has its own. */
export interface NamespaceAddress {
  readonly thread: string;
  readonly namespace: string;
}

export interface CheckpointAddress extends NamespaceAddress {
  readonly id: string;
}

/** What a config says, as far as it says it. */
export interface PartialAddress {
  readonly thread: string | undefined;
  readonly namespace: string | undefined;
  /** The checkpoint it names; `undefined` means the latest. */
  readonly id: string | undefined;
}

/** @throws {ValidationError} `VALIDATION_FAILED`: a part is there, but is no text. */
export function readAddress({ configurable = {} }: RunnableConfig): PartialAddress {
  const { thread_id: thread, checkpoint_ns: namespace } = configurable;
  return {
    thread: thread === undefined ? undefined : requireThread(thread),
    namespace: namespace === undefined ? undefined : requireText("checkpoint_ns", namespace),
    id: requireText("checkpoint_id", getCheckpointId({ configurable })) || undefined,
  };
}

/** @throws {ValidationError} `VALIDATION_FAILED`: it does not say where to put something. */
export function requireNamespace(config: RunnableConfig): NamespaceAddress {
  const { thread, namespace = "" } = readAddress(config);
  return { thread: requireThread(thread), namespace };
}

/** @throws {ValidationError} `VALIDATION_FAILED`: the same, for what belongs to a checkpoint. */
export function requireCheckpoint(config: RunnableConfig): CheckpointAddress {
  return { ...requireNamespace(config), id: requireId(readAddress(config).id) };
}

export function toConfig({ thread, namespace, id }: CheckpointAddress): RunnableConfig {
  return { configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: id } };
}

/** Nothing is not a thread: a caller that lost its id must not reach somebody else's, or all. */
export function requireThread(thread: unknown): string {
  if (typeof thread === "string" && thread !== "") return thread;
  throw invalid("thread_id", "text of at least one character");
}

/** A name as it stands in a key, where its order counts. LangGraph's own are UUIDs of version 6. */
export function isCheckpointId(id: unknown): id is string {
  return typeof id === "string" && /^[0-9A-Za-z._:+-]{1,128}$/.test(id);
}

export function requireId(id: unknown): string {
  if (isCheckpointId(id)) return id;
  throw invalid("checkpoint_id", "1 to 128 letters, digits, dots, colons, hyphens or underscores");
}

function requireText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw invalid(name, "text");
}

function invalid(name: string, expected: string): ValidationError {
  return new ValidationError({
    code: "VALIDATION_FAILED",
    message: `Expected configurable.${name} as ${expected}, got something else. Pass it in the config of the call, for example { configurable: { thread_id: "thread-1" } }.`,
    issues: [{ path: `/configurable/${name}`, message: `Expected ${expected}.` }],
  });
}
