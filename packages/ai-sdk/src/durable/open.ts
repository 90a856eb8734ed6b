import type { ModelMessage } from "ai";

/** A call that the framework has put before somebody, and that has no result yet. */
export interface OpenApproval {
  readonly approvalId: string;
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
}

/** A part of a message, as both majors have it. */
interface Part {
  readonly type: string;
  readonly approvalId?: string;
  readonly isAutomatic?: boolean;
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly input?: unknown;
}

/** The approval requests among the messages whose calls have no result, in their order. */
export function listOpenApprovals(messages: readonly ModelMessage[]): readonly OpenApproval[] {
  const parts = messages.flatMap(partsOf);
  const done = new Set(parts.filter(isType("tool-result")).map(({ toolCallId }) => toolCallId));
  const calls = new Map(parts.filter(isType("tool-call")).map((call) => [call.toolCallId, call]));
  return parts
    .filter(isType("tool-approval-request"))
    .filter(({ isAutomatic, toolCallId }) => !isAutomatic && !done.has(toolCallId))
    .map(({ approvalId, toolCallId }) => {
      const { toolName, input } = calls.get(toolCallId) ?? {};
      return { approvalId, toolCallId, toolName, input } as OpenApproval;
    });
}

/** The messages without what anybody has answered to these requests. */
export function withoutResponses(
  messages: readonly ModelMessage[],
  approvals: readonly OpenApproval[],
): ModelMessage[] {
  const ids = new Set(approvals.map(({ approvalId }) => approvalId));
  return messages
    .map((message) => {
      if (message.role !== "tool") return message;
      const isOther = ({ type, approvalId = "" }: Part) =>
        type !== "tool-approval-response" || !ids.has(approvalId);
      return { ...message, content: (message.content as Part[]).filter(isOther) } as ModelMessage;
    })
    .filter(({ role, content }) => role !== "tool" || content.length > 0);
}

function partsOf({ content }: ModelMessage): readonly Part[] {
  return typeof content === "string" ? [] : (content as readonly Part[]);
}

function isType(type: string): (part: Part) => boolean {
  return (part) => part.type === type;
}
