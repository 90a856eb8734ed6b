import type { RequestResolvedEvent } from "@holdpoint/sdk";
import type { StateSnapshot } from "@langchain/langgraph";
import { isHoldpointInterrupt } from "./interrupt.js";

type Task = StateSnapshot["tasks"][number] & { readonly result?: unknown };

/** Where a thread stands with a request. */
export type Standing =
  | {
      readonly type: "interrupted";
      readonly interruptIds: readonly string[];
      /** A sibling is at work, or its process has died. */
      readonly isRunning: boolean;
    }
  /** The call has run, or has been told of its answer. */
  | { readonly type: "answered" }
  /** The question was faster than the checkpoint, or the thread is unknown. */
  | { readonly type: "absent" };

/** Reads from a thread's state what is to be done about a request. */
export function findStanding(
  { tasks, values }: StateSnapshot,
  { request }: RequestResolvedEvent,
): Standing {
  const own = tasks.filter((task) => interruptIdsOf(task, request.id).length > 0);
  // A task that has run keeps its interrupts until the others of its step have run too.
  const waiting = own.filter((task) => !hasEnded(task));
  if (waiting.length > 0) {
    const interruptIds = waiting.flatMap((task) => interruptIdsOf(task, request.id));
    return { type: "interrupted", interruptIds, isRunning: tasks.some(isRunning) };
  }
  const isAnswered =
    own.length > 0 || request.execution.status !== "NONE" || hasAnswer(values, request.metadata);
  return { type: isAnswered ? "answered" : "absent" };
}

function interruptIdsOf({ interrupts }: Task, requestId: string): readonly string[] {
  return interrupts
    .filter(({ value }) => isHoldpointInterrupt(value) && value.requestId === requestId)
    .flatMap(({ id }) => id ?? []);
}

function hasEnded(task: Task): boolean {
  return task.result !== undefined;
}

/** Neither ended, failed nor interrupted. */
function isRunning(task: Task): boolean {
  return !hasEnded(task) && task.error === undefined && task.interrupts.length === 0;
}

function hasAnswer(values: unknown, metadata: Readonly<Record<string, unknown>>): boolean {
  const { messages } = Object(values) as { messages?: unknown };
  const toolCallId = metadata["holdpoint.tool_call_id"];
  return (
    Array.isArray(messages) &&
    messages.some((message: unknown) => Object(message).tool_call_id === toolCallId)
  );
}
