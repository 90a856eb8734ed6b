import type { JsonObject, JsonValue } from "@holdpoint/protocol";
import {
  ApprovalRequiredError,
  digestJson,
  type Holdpoint,
  HoldpointError,
  invalidInput,
  isAbortReason,
  isJsonObject,
  LIMITS,
  toJson,
} from "../../core.js";
import type { ExecuteOptions, GateAction, GateApproval, GateResult } from "../../gate/options.js";
import { present } from "../../present.js";
import type { ActionAnswer, ActionReceipt, ActionToolCall, GateActionsOptions } from "./options.js";
import { describeActionFailure, describeHeld, describeResult, isUnknown } from "./text.js";

/** Has an action run for a model, and answers it in words. */
export type Caller = (
  action: GateAction,
  input: unknown,
  call: ActionToolCall,
) => Promise<ActionAnswer>;

interface CallerOptions extends GateActionsOptions {
  readonly waitMs: number;
}

/** The model is told neither ids of approvals nor receipts, so what it has asked is remembered here. */
export function createCaller(hp: Holdpoint, options: CallerOptions): Caller {
  const ownRunId = crypto.randomUUID();
  /**
   * Ids of calls that wait for a person, or whose outcome nobody knows, by run and what was asked:
   * asked again, it is the same call.
   */
  const open = new Map<string, string>();

  const run: Run = async (action, input, call) => {
    const parameters = readParameters(action, input);
    const asked = await digestJson([call.runId ?? null, action.id, parameters]);
    const given = executeOptions(options, call, open.get(asked));
    const onHeld = (approval: GateApproval) => {
      open.set(asked, approval.id);
      options.onHeld?.(approval);
    };
    try {
      const terms = { ...options, onHeld };
      const result = await executeOrWait(hp, terms, { action, parameters, given });
      open.delete(asked);
      return { text: describeResult(action.id, result), isError: false, result };
    } catch (error) {
      const id = openBy(error, open.get(asked));
      if (id === undefined) open.delete(asked);
      else open.set(asked, id);
      const approval = heldBy(error);
      if (approval === undefined) throw error;
      return { text: describeHeld(action.id, approval), isError: false, approval };
    }
  };

  return async (action, input, { runId = options.runId, signal, ...names }) => {
    const callKey = await keyOf(names, runId ?? ownRunId);
    const named = { runId, callKey, signal };
    const answer = await run(action, input, named).catch((error: unknown) => {
      // Everything else is an abort's reason, or what the program's own functions have thrown.
      if (!HoldpointError.isInstance(error) || isAbortReason(error, [signal])) throw error;
      const text = describeActionFailure(action.id, error, callKey !== undefined);
      return { text, isError: true, error };
    });
    tell(options, action, answer);
    return answer;
  };
}

type NamedCall = Omit<ActionToolCall, "toolCallId">;
type Run = (action: GateAction, input: unknown, call: NamedCall) => Promise<ActionAnswer>;

/** What stands for a call; `undefined`: it has no name. */
async function keyOf(
  { callKey, toolCallId }: Pick<ActionToolCall, "callKey" | "toolCallId">,
  runId: string,
): Promise<string | undefined> {
  if (callKey !== undefined || toolCallId === undefined) return callKey;
  return digestJson(["holdpoint.action-call.v1", runId, toolCallId]);
}

interface Asked {
  readonly action: GateAction;
  readonly parameters: JsonObject;
  readonly given: ExecuteOptions;
}

/** Runs it, or waits a little for a person; who has not decided by then has not decided. */
async function executeOrWait(
  { gate }: Holdpoint,
  { waitMs, onHeld }: CallerOptions,
  { action: { id }, parameters, given }: Asked,
): Promise<GateResult> {
  try {
    return await gate.execute(id, parameters, given);
  } catch (error) {
    const approval = heldBy(error);
    if (approval === undefined) throw error;
    if (given.approval === undefined) onHeld?.(approval);
    if (waitMs === 0) throw error;
    const { signal } = given;
    const { status } = await gate.approval(approval.id, { waitMs, ...(signal && { signal }) });
    if (status === "PENDING") throw error;
    const { idempotencyKey: _, ...same } = given;
    return gate.execute(id, parameters, { ...same, approval: approval.id });
  }
}

function executeOptions(
  { environment }: CallerOptions,
  { callKey, runId, signal }: NamedCall,
  approval: string | undefined,
): ExecuteOptions {
  const idempotencyKey = approval === undefined ? callKey : undefined;
  return present({ approval, idempotencyKey, runId, environment, signal }) as ExecuteOptions;
}

/** `null` counts as left out where it is not allowed: frameworks put it where a model says nothing. */
function readParameters({ parameters: schema }: GateAction, input: unknown): JsonObject {
  const json = toJson("parameters", input ?? {}, LIMITS.payloadBytes);
  if (!isJsonObject(json)) throw invalidInput("parameters", "an object");
  const { properties, required } = schema;
  const isLeftOut = ([name, value]: [string, JsonValue]) => {
    if (value !== null || (Array.isArray(required) && required.includes(name))) return false;
    const property =
      isJsonObject(properties) && Object.hasOwn(properties, name) && properties[name];
    return isJsonObject(property) && ![property.type].flat().includes("null");
  };
  const kept = Object.entries(json).filter((entry) => !isLeftOut(entry as [string, JsonValue]));
  return Object.fromEntries(kept) as JsonObject;
}

function heldBy(error: unknown): GateApproval | undefined {
  return ApprovalRequiredError.isInstance(error) ? error.approval : undefined;
}

/**
 * The call that is not over after this error.
 *
 * @param known - The one there was before.
 */
function openBy(error: unknown, known: string | undefined): string | undefined {
  const approval = heldBy(error);
  if (approval !== undefined) return approval.id;
  // What failed is not the call: an abort, or one of the program's own functions.
  if (!HoldpointError.isInstance(error)) return known;
  if (isUnknown(error)) return error.requestId ?? known;
  return error.retryable ? known : undefined;
}

/** Of every run there is evidence, whatever came of it. */
function tell(
  { onReceipt }: CallerOptions,
  { id: action }: GateAction,
  { result, error }: ActionAnswer,
): void {
  const { receiptId, requestId }: Partial<ActionReceipt> = result
    ? { receiptId: result.receiptId, requestId: result.id }
    : (error ?? {});
  if (receiptId !== undefined && requestId !== undefined) {
    onReceipt?.({ action, requestId, receiptId });
  }
}
