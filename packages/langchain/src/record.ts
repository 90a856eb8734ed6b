import type { ResultCodec } from "@holdpoint/sdk/adapter";
import {
  type BaseMessageLike,
  coerceMessageLikeToMessage,
  ToolMessage,
  type ToolMessageFields,
} from "@langchain/core/messages";
import { Command, isCommand, Send } from "@langchain/langgraph";

/** What a tool gave, as it is put on record. */
type Recorded =
  | { readonly tool_message: ToolMessageFields }
  | { readonly command: RecordedCommand }
  | { readonly output?: unknown };

interface RecordedCommand {
  readonly graph?: string;
  readonly update?: unknown;
  readonly goto?: readonly unknown[];
}

/** Messages and commands live through the record; of everything else its JSON does. */
export function createResultCodec<Output>(): ResultCodec<Output> {
  return { record, revive: (recorded) => revive(recorded as Recorded) as Output };
}

/** What makes up a tool message: another one like it is made of these. */
export function fieldsOf(message: ToolMessage): ToolMessageFields {
  const { content, artifact, status, name, id, tool_call_id, metadata } = message;
  const { additional_kwargs, response_metadata } = message;
  const given = { content, artifact, status, name, id, tool_call_id, metadata };
  const all = { ...given, additional_kwargs, response_metadata };
  const present = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as ToolMessageFields;
}

function record(output: unknown): Recorded {
  if (ToolMessage.isInstance(output)) return { tool_message: fieldsOf(output) };
  if (!isCommand(output)) return { output };
  const { graph, update, goto } = output;
  const steps = goto === undefined ? [] : Array.isArray(goto) ? goto : [goto];
  return { command: { ...(graph !== undefined && { graph }), update, goto: steps } };
}

function revive(recorded: Recorded): unknown {
  if ("tool_message" in recorded) return new ToolMessage(recorded.tool_message);
  if (!("command" in recorded)) return recorded.output;
  const { goto = [], update, ...command } = recorded.command;
  return new Command({
    ...command,
    ...(update !== undefined && { update: reviveUpdate(update) }),
    goto: goto.map(reviveStep) as (string | Send)[],
  });
}

/** What else holds messages is left to its reducer, which takes them as JSON too. */
function reviveUpdate(update: unknown): Record<string, unknown> {
  const { messages } = Object(update) as { messages?: unknown };
  if (!Array.isArray(messages)) return update as Record<string, unknown>;
  return { ...Object(update), messages: messages.map(toMessage) };
}

function toMessage(message: unknown) {
  return coerceMessageLikeToMessage(message as BaseMessageLike);
}

function reviveStep(step: unknown): unknown {
  if (typeof step === "string") return step;
  const { node, args } = step as { node: string; args: unknown };
  return new Send(node, args);
}
