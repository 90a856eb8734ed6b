import type { JsonObject } from "@holdpoint/protocol";
import { digestJson } from "../core.js";
import type { JsonSchema, RequestOptions } from "../requests/options.js";
import { type GatedCall, type GateOptions, perCall, type ToolCall } from "./call.js";

/** What is asked of a call, but for its arguments. */
export interface Question {
  readonly service: string;
  readonly action: string;
  readonly runId: string;
  readonly key: string;
  readonly metadata: JsonObject;
}

/**
 * The question of a call. Its key names the call alone, not its arguments: a call whose arguments
 * have changed since it was asked is a conflict, and not another question.
 */
export async function composeQuestion(
  options: GateOptions,
  call: GatedCall,
  ownRunId: string,
): Promise<Question> {
  const { tool, toolCallId, schema } = call;
  const { service, timeoutMs, environment, priority, role, metadata } = options;
  const runId = runIdOf(options, call) ?? ownRunId;
  const given = {
    schema,
    timeoutMs,
    environment,
    priority: priority && perCall(priority, call),
    role: perCall(role, call),
  };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    service,
    action: actionOf(options, call),
    runId,
    key: await digestJson(["holdpoint.tool-call.v1", runId, tool, toolCallId]),
    metadata: {
      ...(metadata && perCall(metadata, call)),
      "holdpoint.tool": tool,
      "holdpoint.tool_call_id": toolCallId,
    },
  };
}

export function actionOf({ action }: GateOptions, call: ToolCall): string {
  return action === undefined ? call.tool : perCall(action, call);
}

/** The run as the caller names it; `undefined` where nobody does. */
export function runIdOf({ runId }: GateOptions, call: ToolCall): string | undefined {
  return call.runId ?? (runId && perCall(runId, call));
}

/** The question as a request that is found again by its key. */
export function toRequest(
  { key, ...asked }: Question,
  { args }: ToolCall,
): RequestOptions<unknown, JsonSchema> {
  return { ...asked, payload: args, idempotencyKey: key };
}
