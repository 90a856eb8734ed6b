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
import { describeActionFailure, describeHeld, describeResult } from "./text.js";

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
  /** Ids of calls that wait for a person, by what was asked: asked again, it is the same call. */
  const held = new Map<string, string>();

  const run: Caller = async (action, input, call) => {
    const parameters = readParameters(action, input);
    const asked = await digestJson([action.id, call.callKey ?? null, parameters]);
    const given = executeOptions(options, call, held.get(asked));
    try {
      const result = await executeOrWait(hp, options, { action, parameters, given });
      held.delete(asked);
      return { text: describeResult(action.id, result), isError: false, result };
    } catch (error) {
      const approval = heldBy(error);
      if (approval === undefined) held.delete(asked);
      if (approval === undefined) throw error;
      held.set(asked, approval.id);
      return { text: describeHeld(action.id, approval), isError: false, approval };
    }
  };

  return async (action, input, call) => {
    const answer = await run(action, input, call).catch((error: unknown) => {
      // Everything else is an abort's reason, or what the program's own functions have thrown.
      if (!HoldpointError.isInstance(error) || isAbortReason(error, [call.signal])) throw error;
      const text = describeActionFailure(action.id, error, call.callKey !== undefined);
      return { text, isError: true, error };
    });
    tell(options, action, answer);
    return answer;
  };
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
  { environment, ...options }: CallerOptions,
  { callKey, runId = options.runId, signal }: ActionToolCall,
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
