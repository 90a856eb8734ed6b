import type { CrewTool, CrewToolContext } from "../tool.js";

/** A call that a member's model makes. */
export interface CrewCall {
  readonly id: string;
  readonly tool: string;
  readonly args: unknown;
}

/** A model that is not one: it says what it calls, and reads what it is given. */
export interface CrewModel {
  callsFor(task: string): readonly CrewCall[];
  read(callId: string, text: string): void;
}

/** A member of a crew, in the words of CrewAI. */
export interface CrewMember {
  readonly role: string;
  readonly tools: readonly (CrewTool & {
    run(input: unknown, context?: CrewToolContext): unknown;
  })[];
  readonly model: CrewModel;
}

/**
 * The smallest crew there is: one task after the other, each by its member, whose model calls tools
 * and is given what they return, as text.
 */
export async function kickoff(
  tasks: readonly { readonly description: string; readonly member: CrewMember }[],
  context: Omit<CrewToolContext, "toolCallId"> = {},
): Promise<void> {
  for (const { description, member } of tasks) {
    const calls = member.model.callsFor(description);
    await Promise.all(calls.map((call) => runCall(member, call, context)));
  }
}

async function runCall(
  { tools, model }: CrewMember,
  { id, tool: name, args }: CrewCall,
  context: CrewToolContext,
): Promise<void> {
  const tool = tools.find((each) => each.name === name);
  try {
    const result = await tool?.run(args, { ...context, toolCallId: id });
    model.read(id, typeof result === "string" ? result : JSON.stringify(result));
  } catch (error) {
    if (context.signal?.aborted) throw error;
    model.read(id, `Error: ${String(error)}`);
  }
}
