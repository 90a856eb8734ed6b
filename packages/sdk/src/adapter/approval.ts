import type { JsonObject, Priority } from "@holdpoint/protocol";
import { digestJson, type Holdpoint, HoldpointError, isAbortReason } from "../core.js";
import type { Decision } from "../requests/decision.js";
import type { JsonSchema, PayloadSchema, RequestOptions } from "../requests/options.js";
import { describeDecision } from "../tool/text.js";
import { describeError } from "./text.js";

/** A tool by which a model itself asks for approval. */
export interface ApprovalOptions {
  /** The part of your system that acts, for example `billing`. One line, up to 100 characters. */
  readonly service: string;
  /** What it asks for, for example `refund`. Default: what the model puts into `action`. */
  readonly action?: string | undefined;
  /** Default: a new client, from `HOLDPOINT_API_KEY` and `HOLDPOINT_URL`. */
  readonly holdpoint?: Holdpoint | undefined;
  /** Default `medium`. */
  readonly priority?: Priority | undefined;
  /** Only operators of this role (or admins) may decide. */
  readonly role?: string | undefined;
  /** Milliseconds until the question expires. Default 86_400_000 (24 hours). */
  readonly timeoutMs?: number | undefined;
  /** Your own labels, in clear. */
  readonly metadata?: JsonObject | undefined;
  /** Default: the client's. */
  readonly environment?: string | undefined;
}

/** One call of such a tool. */
export interface ApprovalCall {
  /** What the model wants to do. */
  readonly payload: unknown;
  /** Makes the edit form, and binds payload and edit. */
  readonly schema?: PayloadSchema | undefined;
  /** With `toolCallId`: the same call, made again anywhere, asks once. */
  readonly runId?: string | undefined;
  readonly toolCallId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The answer for the model, and for the program around it. */
export interface ApprovalAnswer {
  /** Begins with `APPROVED`, `STOP` or `ERROR`; each is enough to act on alone. */
  readonly text: string;
  readonly approved: boolean;
  readonly decision?: Decision<unknown>;
  /** Why there is no answer. */
  readonly error?: HoldpointError;
}

/** What a model fills in when a tool for approvals has no schema of its own. JSON Schema. */
export const APPROVAL_INPUT = {
  type: "object",
  properties: {
    action: { type: "string", description: "What you want to do, in one to five words." },
    payload: {
      type: "object",
      description: "Exactly what you would do it with: every argument, unabridged.",
      additionalProperties: true,
    },
    reason: { type: "string", description: "Why it is needed, in one sentence." },
  },
  required: ["action", "payload"],
  additionalProperties: false,
} as const;

/** What a model is told of a tool for approvals. */
export const APPROVAL_DESCRIPTION =
  "Asks a person to approve an action before you take it, and waits for the answer. Call it before anything that spends money, sends messages, changes or deletes data, or cannot be undone. Act only if the answer begins with APPROVED, and only with the payload in that answer.";

/**
 * Asks a person on the model's behalf.
 *
 * @returns always an answer that the model can read; a failure is one with `error`, and no approval.
 * @throws `signal.reason`, unchanged, when aborted. The request stays open.
 */
export async function askForModel(
  options: ApprovalOptions & { readonly holdpoint: Holdpoint },
  call: ApprovalCall,
): Promise<ApprovalAnswer> {
  const action = options.action ?? actionOf(call.payload);
  const name = `${options.service} / ${action}`;
  try {
    const request = await composeRequest(options, call, action);
    const decision = await options.holdpoint.ask(request, {
      ...(call.signal && { signal: call.signal }),
    });
    return { text: describeDecision(name, decision), approved: decision.approved, decision };
  } catch (error) {
    if (isAbortReason(error, [call.signal])) throw error;
    const known = HoldpointError.isInstance(error) ? { error } : {};
    return { text: describeError(name, error), approved: false, ...known };
  }
}

async function composeRequest(
  { holdpoint: _, ...options }: ApprovalOptions,
  { payload, schema, runId, toolCallId }: ApprovalCall,
  action: string,
): Promise<RequestOptions<unknown, JsonSchema>> {
  const isNamed = runId !== undefined && toolCallId !== undefined;
  const given = {
    ...options,
    action,
    payload,
    schema,
    runId,
    idempotencyKey: isNamed
      ? await digestJson(["holdpoint.approval-call.v1", runId, toolCallId])
      : undefined,
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as RequestOptions<unknown, JsonSchema>;
}

/** As {@link APPROVAL_INPUT} has it; bounded by the wire. */
function actionOf(payload: unknown): string {
  const { action } = Object(payload) as { action?: unknown };
  return typeof action === "string" && action !== "" ? action : "approval";
}
