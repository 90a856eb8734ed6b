import type { PendingOutcome } from "@holdpoint/sdk/adapter";
import { interrupt } from "@langchain/langgraph";
import type { LangChainCall } from "../options.js";

/** Marks the questions whose graph is interrupted, so that webhooks of others are left alone. */
export const INTERRUPTED = { "holdpoint.adapter": "langchain" } as const;

/** What a graph is interrupted with. Nothing that is resumed with counts as an answer. */
export interface HoldpointInterrupt {
  readonly type: "holdpoint.approval";
  /** The request (`req_…`). */
  readonly requestId: string;
  /** Where a person decides it. */
  readonly url: string;
  readonly tool: string;
  readonly toolCallId: string;
}

/** Tells an interrupt of a gated call from others, for example of a graph's own. */
export function isHoldpointInterrupt(value: unknown): value is HoldpointInterrupt {
  return (Object(value) as { type?: unknown }).type === "holdpoint.approval";
}

/**
 * Interrupts the graph. Returns when the node runs again with a resume value, whatever that says.
 *
 * @throws {GraphInterrupt} which has to reach LangGraph.
 */
export function interruptFor({ tool, toolCallId }: LangChainCall, pending: PendingOutcome): void {
  interrupt({
    type: "holdpoint.approval",
    requestId: pending.id,
    url: pending.url,
    tool,
    toolCallId: toolCallId ?? "",
  } satisfies HoldpointInterrupt);
}
