import type { JsonObject } from "@holdpoint/protocol";
import { GATE_SERVICE, type WireExecuteAction } from "@holdpoint/protocol/gate";
import {
  createId,
  fingerprintOf,
  invalidInput,
  isJsonObject,
  LIMITS,
  requireInteger,
  requireRequestId,
  sensitiveIn,
  toJson,
} from "../core.js";
import { findRequestId, keySubject } from "../idempotency/index.js";
import type { ClientParts } from "../late.js";
import type { ExecuteOptions } from "./options.js";

/** A call ready to send. The body is final: every retry sends the same bytes under the same id. */
export interface CallDraft {
  readonly id: string;
  readonly action: string;
  readonly path: string;
  readonly body: string;
  /** The same without the labels, which may have changed since a key was first used. */
  readonly bareBody: string;
  /** Whether the caller knows the id, or what it is made of: then the same call again runs once. */
  readonly isNamed: boolean;
  /** Whether the id stands for a key. */
  readonly isKeyed: boolean;
}

/** `undefined` members are left out by `JSON.stringify`. */
type Sendable<Wire> = { [Key in keyof Wire]: Wire[Key] | undefined };

/** Checks what the caller asks. Nothing is sent here. */
export async function draftCall(
  parts: ClientParts,
  action: string,
  parameters: unknown,
  options: ExecuteOptions,
): Promise<CallDraft> {
  const { approval, idempotencyKey: key, id = approval } = options;
  const path = `${pathOf(action)}/execute`;
  if (approval !== undefined && id !== approval)
    throw invalidInput("id", "nothing beside approval");
  const labels = approval === undefined ? labelsOf(parts, options) : {};
  const callId = await chooseId(parts, { action, id, key, labels, signal: options.signal });
  const given = parameters ?? (approval === undefined ? {} : undefined);
  const read = given === undefined ? undefined : readParameters(given);
  const asked = { id: callId, ...(read !== undefined && { parameters: read }) };
  // What is held already keeps its own.
  const claims = read === undefined || approval !== undefined ? {} : await claimsOf(parts, read);
  const isKeyed = key !== undefined;
  return {
    id: callId,
    action,
    path,
    body: JSON.stringify({ ...asked, ...claims, ...labels }),
    bareBody: JSON.stringify(asked),
    isKeyed,
    isNamed: isKeyed || id !== undefined,
  };
}

type Claims = Sendable<Pick<WireExecuteAction, "fingerprint" | "sensitive">>;

async function claimsOf({ options }: ClientParts, parameters: JsonObject): Promise<Claims> {
  return {
    fingerprint: await fingerprintOf(parameters),
    sensitive: sensitiveIn(parameters, options.shield),
  };
}

type Labels = Sendable<Omit<WireExecuteAction, "id" | "parameters" | keyof Claims>>;

function labelsOf({ options: client }: ClientParts, options: ExecuteOptions): Labels {
  const { timeoutMs, runId, environment = client.environment } = options;
  if (timeoutMs !== undefined) {
    requireInteger("timeoutMs", timeoutMs, LIMITS.minTimeoutMs, LIMITS.maxTimeoutMs);
  }
  return {
    timeout_ms: timeoutMs,
    agent_label: client.agent,
    environment,
    run_id: runId,
    parent_request_id: options.parentRequestId,
  };
}

/** @throws {ValidationError} `VALIDATION_FAILED`, before anything is sent. */
export function pathOf(action: unknown): string {
  if (typeof action === "string" && /^[a-z][a-z0-9_-]{0,63}$/.test(action)) {
    return `/v1/actions/${action}`;
  }
  throw invalidInput("action", "an action's id (up to 64 lower-case letters, digits, - and _)");
}

function readParameters(given: unknown): JsonObject {
  const json = toJson("parameters", given, LIMITS.payloadBytes);
  if (isJsonObject(json)) return json;
  throw invalidInput("parameters", "an object");
}

interface Naming {
  readonly action: string;
  readonly id: string | undefined;
  readonly key: string | undefined;
  readonly labels: Partial<Labels>;
  readonly signal: AbortSignal | undefined;
}

async function chooseId(
  parts: ClientParts,
  { action, id, key, labels: { environment }, signal }: Naming,
): Promise<string> {
  if (key === undefined) return id === undefined ? createId("req") : requireRequestId(id);
  if (id !== undefined) throw invalidInput("idempotencyKey", "nothing beside an id");
  const scope = { service: GATE_SERVICE, action, environment };
  return findRequestId(parts, keySubject(scope, key), signal);
}
