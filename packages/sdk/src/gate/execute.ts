import type { ErrorCode } from "@holdpoint/protocol";
import type { WireGateApproval, WireGateResult } from "@holdpoint/protocol/gate";
import {
  backoffMs,
  ConnectionError,
  HoldpointError,
  IdempotencyConflictError,
  InvalidResponseError,
  LIMITS,
  startDeadline,
  UnavailableError,
} from "../core.js";
import { awaitApproval, fetchApproval } from "./approval.js";
import type { Connection } from "./connection.js";
import { type CallDraft, draftCall } from "./draft.js";
import type { ExecuteOptions, GateResult } from "./options.js";
import { approvalRequired, outcomeUnknown, readRun, refusalOf } from "./outcome.js";
import { viewApproval, viewRun } from "./view.js";
import { isRun, parseAnswer } from "./wire.js";

/** The longest an action runs, and what it takes until a crash of the control plane is settled. */
const UNDER_WAY_MS = LIMITS.maxActionTimeoutMs + 60_000;

/** Has an action run, once, and waits for a person where that is asked for. */
export async function executeAction(
  connection: Connection,
  action: string,
  parameters: unknown,
  options: ExecuteOptions,
): Promise<GateResult> {
  const { wait = false, onPending, signal } = options;
  const draft = await draftCall(connection.parts, action, parameters, options);
  await connection.parts.settleObserved(signal);
  const answer = await run(connection, draft, signal);
  if (isRun(answer)) return readRun(viewRun(answer));
  const held = viewApproval(answer);
  onPending?.(held);
  if (!wait) throw approvalRequired(held);
  const decided = await awaitApproval(connection, held.id, signal);
  if (decided.run !== undefined) return readRun(decided.run);
  const late = await run(connection, draft, signal);
  if (isRun(late)) return readRun(viewRun(late));
  throw approvalRequired(viewApproval(late));
}

/** Sends it until there is an answer that stands: what is under way is asked for again. */
async function run(
  connection: Connection,
  draft: CallDraft,
  signal: AbortSignal | undefined,
): Promise<WireGateResult | WireGateApproval> {
  const deadline = startDeadline(UNDER_WAY_MS);
  let { body } = draft;
  for (let tries = 1; ; tries++) {
    try {
      return await send(connection, { ...draft, body }, signal);
    } catch (error) {
      if (draft.isKeyed && body !== draft.bareBody && hasCode(error, "REQUEST_ID_CONFLICT")) {
        body = draft.bareBody;
        continue;
      }
      if (!hasCode(error, "EXECUTION_CLAIMED")) {
        throw await explain(connection, draft, error, signal);
      }
      if (deadline.remainingMs() === 0) throw outcomeUnknown(draft, error);
      await connection.transport.sleep(backoffMs(Math.min(tries, MAX_BACKOFF_STEP)), signal);
    }
  }
}

/** Asked for again about every second. */
const MAX_BACKOFF_STEP = 3;

async function send(
  { parts, transport }: Connection,
  { id, path, body }: CallDraft,
  signal: AbortSignal | undefined,
): Promise<WireGateResult | WireGateApproval> {
  let wasSent = false;
  const onSend = () => {
    wasSent = true;
  };
  // An action has as long by default, beside what the call itself may take.
  const timeoutMs = parts.options.timeoutMs + LIMITS.defaultActionTimeoutMs;
  try {
    const call = { method: "POST", path, body, signal, timeoutMs, requestId: id, onSend } as const;
    return parseAnswer(await transport.call(call), id);
  } catch (error) {
    throw wasSent && isLost(error) ? new LostAnswer(error) : error;
  }
}

/** Sent, and nobody heard the answer. Never leaves this file. */
class LostAnswer extends Error {
  constructor(cause: unknown) {
    super("Sent, and nobody heard the answer.", { cause });
  }
}

function isLost(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    error instanceof UnavailableError ||
    error instanceof InvalidResponseError
  );
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof HoldpointError && error.code === code;
}

/** What a failure means to the caller. */
async function explain(
  connection: Connection,
  draft: CallDraft,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  if (error instanceof LostAnswer) {
    const { cause } = error;
    // Under a name the same call again finds what has become of it; otherwise it would be another.
    const isRepeatable = draft.isNamed && cause instanceof HoldpointError && cause.retryable;
    return isRepeatable ? cause : outcomeUnknown(draft, cause);
  }
  if (hasCode(error, "NOT_APPROVED")) {
    return refusalOf(await fetchApproval(connection, draft.id, signal)) ?? error;
  }
  const isOther = hasCode(error, "REQUEST_ID_CONFLICT") || hasCode(error, "ARGUMENTS_CHANGED");
  return draft.isKeyed && isOther ? keyConflict(draft.id, error) : error;
}

function keyConflict(requestId: string, cause: unknown): IdempotencyConflictError {
  const message = `Expected the key to stand for the action and parameters it was first used with, got others. ${requestId} is left as it is; use another key.`;
  return new IdempotencyConflictError({ code: "IDEMPOTENCY_CONFLICT", message, requestId, cause });
}
