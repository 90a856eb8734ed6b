import type { Priority } from "@holdpoint/protocol";
import { HoldpointError, isAbortReason, isJsonObject } from "../core.js";
import type { Decision } from "../requests/decision.js";
import type { CallOptions, JsonSchema, RequestOptions } from "../requests/options.js";
import { describeDecision, describeFailure } from "./text.js";

/**
 * What a model calls: the intended arguments as an object, as a text that holds a JSON object, or
 * as any other text, which then travels as `{ context: text }`.
 */
export type HoldpointTool = (context: string | object, call?: CallOptions) => Promise<string>;

type Ask = (
  options: RequestOptions<unknown, JsonSchema>,
  call: CallOptions,
) => Promise<Decision<unknown>>;

export interface ToolSubject {
  readonly service: string;
  readonly action: string;
  readonly priority: Priority | undefined;
  /** The client's own signal. */
  readonly signal: AbortSignal | undefined;
}

/** What is behind the function that `hp.tool` gives. */
export async function callTool(
  ask: Ask,
  subject: ToolSubject,
  context: string | object,
  call: CallOptions,
): Promise<string> {
  const { service, action, priority } = subject;
  const options = { service, action, ...(priority === undefined ? {} : { priority }) };
  try {
    const decision = await ask({ ...options, payload: readContext(context) }, call);
    return describeDecision(`${service} / ${action}`, decision);
  } catch (error) {
    if (isAbortReason(error, [call.signal, subject.signal])) throw error;
    const failure = error instanceof HoldpointError ? error : undefined;
    return describeFailure(`${service} / ${action}`, failure);
  }
}

function readContext(context: string | object): unknown {
  if (typeof context !== "string") return context;
  try {
    const parsed: unknown = JSON.parse(context);
    if (isJsonObject(parsed)) return parsed;
  } catch {
    // Not JSON: the text itself is the context.
  }
  return { context };
}
