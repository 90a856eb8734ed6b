import {
  canonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  LIMITS,
  type WireCreateRequest,
} from "@holdpoint/protocol";
import { ValidationError } from "../errors/validation.js";
import type { ClientParts } from "../late.js";
import type { CompiledSchema } from "../schema/compile.js";
import { checkValue, compileSchema } from "../schema/load.js";
import { describePayload } from "../shield/describe.js";
import { parkState } from "../states/late.js";
import { firstIssue, invalidInput, requireInteger, requireRequestId } from "./check.js";
import { createId } from "./id.js";
import { toJson } from "./json.js";
import type { RequestOptions } from "./options.js";

/** A request ready to send. The body is final: every retry sends the same bytes under the same id. */
export interface Draft {
  readonly id: string;
  readonly body: string;
  readonly service: string;
  readonly action: string;
  readonly role: string | undefined;
  /** Canonical text of the clear payload, to compare the answer with. */
  readonly payloadText: string;
  readonly schema: CompiledSchema | undefined;
  readonly timeoutMs: number;
  /** The id stands for a key, so whoever drafts the same again means the same request. */
  readonly isKeyed: boolean;
}

/** What only the client itself says of a request. */
export interface DraftOptions extends RequestOptions<unknown> {
  /** `id` has been derived from a key. */
  readonly isKeyed?: boolean;
  readonly witnessDigest?: string | undefined;
  readonly witnessChange?: JsonValue | undefined;
}

/** `undefined` members are left out by `JSON.stringify`. */
type Sendable<Wire> = { [Key in keyof Wire]: Wire[Key] | undefined };

/** Checks, converts and encrypts what the caller asks. Nothing is sent here but the state. */
export async function draftRequest(
  options: DraftOptions,
  parts: ClientParts,
  signal?: AbortSignal,
): Promise<Draft> {
  const { options: client, cipher } = parts;
  const { service, action, role } = options;
  const id = await chooseId(options, parts, signal);
  const timeoutMs = requireInteger(
    "timeoutMs",
    options.timeoutMs ?? LIMITS.defaultTimeoutMs,
    LIMITS.minTimeoutMs,
    LIMITS.maxTimeoutMs,
  );
  const payload = toJson("payload", options.payload, LIMITS.payloadBytes);
  const schema = await prepareSchema(options.schema, payload);
  const body = JSON.stringify({
    id,
    service,
    action,
    payload: cipher.enabled ? await cipher.seal(payload, id, "payload") : payload,
    encrypted: cipher.enabled ? true : undefined,
    priority: options.priority,
    role,
    schema: schema?.json,
    timeout_ms: timeoutMs,
    agent_label: client.agent,
    ...(await describePayload(payload, client.shield)),
    metadata: prepareMetadata(options.metadata),
    environment: options.environment ?? client.environment,
    run_id: options.runId,
    parent_request_id: options.parentRequestId,
    state_id: await parkState(parts, options.state, id, signal),
    witness_digest: options.witnessDigest,
    witness_change: options.witnessChange,
  } satisfies Sendable<WireCreateRequest>);
  return {
    id,
    body,
    service,
    action,
    role,
    payloadText: canonicalJson(payload),
    schema,
    timeoutMs,
    isKeyed: options.isKeyed ?? options.idempotencyKey !== undefined,
  };
}

async function chooseId(
  { id, idempotencyKey: key, service, action, environment }: DraftOptions,
  parts: ClientParts,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (key === undefined) return id === undefined ? createId("req") : requireRequestId(id);
  if (id !== undefined) throw invalidInput("idempotencyKey", "nothing beside an id");
  const { findRequestId, keySubject } = await import("../idempotency/index.js");
  const scope = { service, action, environment: environment ?? parts.options.environment };
  return findRequestId(parts, keySubject(scope, key), signal);
}

async function prepareSchema(
  input: unknown,
  payload: JsonValue,
): Promise<CompiledSchema | undefined> {
  if (input === undefined) return undefined;
  const schema = await compileSchema(input);
  const issues = await checkValue(schema, payload);
  if (issues.length === 0) return schema;
  throw new ValidationError({
    code: "PAYLOAD_INVALID",
    message: `Expected a payload that fits its schema, got one that does not${firstIssue(issues)} Nothing was sent.`,
    issues,
  });
}

function prepareMetadata(metadata: unknown): JsonObject | undefined {
  if (metadata === undefined) return undefined;
  const json = toJson("metadata", metadata, LIMITS.metadataBytes);
  if (isJsonObject(json)) return json;
  throw invalidInput("metadata", "an object");
}
