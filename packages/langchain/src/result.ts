import {
  ApprovalRejectedError,
  type HoldpointError,
  PermissionDeniedError,
  type RefusedDecision,
} from "@holdpoint/sdk";
import type { RefusedOutcome } from "@holdpoint/sdk/adapter";
import { ToolMessage } from "@langchain/core/messages";
import { Command, isCommand } from "@langchain/langgraph";
import type { LangChainCall } from "./options.js";
import { fieldsOf } from "./record.js";

/** The `artifact` of a tool message that says why a call gave no result. Models never see it. */
export interface HoldpointArtifact {
  readonly holdpoint: {
    /** The person's answer; absent when the policy denied the call. */
    readonly decision?: RefusedDecision<unknown>;
    /** What failed. */
    readonly error?: unknown;
  };
}

/** In place of a result: the model reads `text`, the program finds the rest. */
export function createErrorMessage(
  { tool, toolCallId }: Pick<LangChainCall, "tool" | "toolCallId">,
  text: string,
  holdpoint: HoldpointArtifact["holdpoint"],
): ToolMessage {
  return new ToolMessage({
    tool_call_id: toolCallId ?? "",
    name: tool,
    status: "error",
    content: text,
    artifact: { holdpoint } satisfies HoldpointArtifact,
  });
}

/** A no, for a program that called the tool itself and has no use for a text. */
export function createRefusal(name: string, { decision }: RefusedOutcome): HoldpointError {
  if (decision === undefined) {
    const message = `Expected a policy that allows ${name}, got one that denies it. Nothing ran.`;
    return new PermissionDeniedError({ code: "PERMISSION_DENIED", message });
  }
  const { id: requestId, status } = decision;
  const message = `Expected ${requestId} to be approved, got ${status}. Nothing ran.`;
  return new ApprovalRejectedError({ code: `APPROVAL_${status}`, message, requestId, decision });
}

/**
 * The result with what else the model has to know. Only what goes to a model is added to: a tool
 * message, also one inside a command. The artifact stays as the tool made it.
 */
export function addNote<Output>(
  output: Output,
  note: string | undefined,
  toolCallId: string | undefined,
): Output {
  if (note === undefined) return output;
  if (ToolMessage.isInstance(output)) return addToMessage(output, note) as Output;
  if (!isCommand(output)) return output;
  const { messages } = Object(output.update) as { messages?: unknown };
  if (!Array.isArray(messages)) return output;
  const noted = messages.map((message: unknown) =>
    ToolMessage.isInstance(message) && message.tool_call_id === toolCallId
      ? addToMessage(message, note)
      : message,
  );
  return new Command({
    ...(output.graph !== undefined && { graph: output.graph }),
    ...(output.goto !== undefined && { goto: output.goto }),
    update: { ...Object(output.update), messages: noted },
  }) as Output;
}

function addToMessage(message: ToolMessage, note: string): ToolMessage {
  const { content } = message;
  const noted =
    typeof content === "string"
      ? `${content}\n\n${note}`
      : [...content, { type: "text" as const, text: note }];
  return new ToolMessage({ ...fieldsOf(message), content: noted });
}
