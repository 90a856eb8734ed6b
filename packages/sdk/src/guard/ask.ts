import type { JsonValue, WireRequest } from "@holdpoint/protocol";
import {
  ApprovalRequiredError,
  createAndWait,
  type Draft,
  draftRequest,
  LIMITS,
  readDecision,
  toJson,
} from "../core.js";
import { findRequestId } from "../idempotency/find.js";
import { againSubject, callSubject, keySubject } from "../idempotency/subject.js";
import type { ClientParts } from "../late.js";
import { present } from "../present.js";
import type { Decision } from "../requests/decision.js";
import type { GuardCall, GuardOptions } from "./options.js";
import { diffAsJson, diffWitness, packWitness, readWitness, sealWitness } from "./witness.js";

/** One call of a guarded function. */
export interface GuardedCall {
  readonly parts: ClientParts;
  readonly options: GuardOptions<unknown>;
  /** The arguments as they were given. */
  readonly args: unknown;
  readonly call: GuardCall;
}

/** A request with its answer. */
export interface Answered {
  readonly request: WireRequest;
  readonly decision: Decision<JsonValue>;
}

/**
 * Puts the question, or finds it where it was put before, and waits for the answer.
 *
 * @param before - The request whose approval is void, for the world has moved since.
 */
export async function askGuarded(guarded: GuardedCall, before?: WireRequest): Promise<Answered> {
  const { parts, options, call } = guarded;
  const draft = await draftGuarded(guarded, before);
  const request = await createAndWait(parts, draft, call.signal, ({ id, url }) => {
    options.onPending?.({ id, url });
    if (call.wait === false) throw approvalRequired(id, url);
  });
  const decision = await readDecision(request, { cipher: parts.cipher, draft });
  call.onDecision?.(decision);
  return { request, decision };
}

function approvalRequired(requestId: string, url: string): ApprovalRequiredError {
  const message = `Expected ${requestId} to be decided, got it waiting for a person. Nothing ran. Call again with the same key once it has its answer.`;
  return new ApprovalRequiredError({ code: "APPROVAL_REQUIRED", message, requestId, url });
}

async function draftGuarded(
  { parts, options, args, call }: GuardedCall,
  before: WireRequest | undefined,
): Promise<Draft> {
  const { service, action, schema, priority, role, timeoutMs, metadata, environment } = options;
  const runId = call.runId ?? resolve(options.runId, args);
  const subject = subjectOf({ parts, options, args, call }, runId, before);
  const id = await findRequestId(parts, subject, call.signal);
  const witness = await readWitness(options.witness, args);
  const packed =
    witness === undefined ? undefined : await packWitness(parts, id, witness, metadata);
  const change =
    before && witness !== undefined
      ? await sealWitness(parts, id, diffAsJson(await diffWitness(parts, before, witness)))
      : undefined;
  const given = {
    ...present({ schema, priority, role, timeoutMs, runId, environment }),
    ...present({ metadata: packed?.metadata ?? metadata, parentRequestId: before?.id }),
    ...present({ state: options.state?.(args) }),
  };
  const witnessed = { witnessDigest: packed?.digest, witnessChange: change };
  const asked = { ...given, ...witnessed, id, isKeyed: true, service, action, payload: args };
  return draftRequest(asked, parts, call.signal);
}

function subjectOf(
  { parts, options, args, call }: GuardedCall,
  runId: string | undefined,
  before: WireRequest | undefined,
): JsonValue {
  const { service, action } = options;
  const scope = { service, action, environment: options.environment ?? parts.options.environment };
  if (before) return againSubject(scope, before.id);
  const key = call.key ?? resolve(options.key, args);
  if (key !== undefined) return keySubject(scope, key, "key");
  const toolCallId = call.toolCallId ?? resolve(options.toolCallId, args);
  const payload = toJson("payload", args, LIMITS.payloadBytes);
  return callSubject(scope, runId, toolCallId, payload);
}

function resolve<Args>(
  value: string | ((args: Args) => string) | undefined,
  args: Args,
): string | undefined {
  return typeof value === "function" ? value(args) : value;
}
