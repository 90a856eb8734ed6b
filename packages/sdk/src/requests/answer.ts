import {
  canonicalJson,
  diffPayload,
  type JsonObject,
  type JsonValue,
  type WireRequest,
} from "@holdpoint/protocol";
import type { Cipher } from "../encryption/cipher.js";
import { ValidationError } from "../errors/validation.js";
import type { CompiledSchema } from "../schema/index.js";
import { firstIssue } from "./check.js";
import type { Decision } from "./decision.js";
import type { Draft } from "./draft.js";
import { invalidResponse } from "./wire.js";

/** What an answer is held against. */
export interface AnswerChecks {
  readonly cipher: Cipher;
  /** What was asked, where this process asked it. */
  readonly draft?: Draft | undefined;
  /** The caller's own schema; the request's comes with the answer. */
  readonly schema?: CompiledSchema | undefined;
}

/**
 * Turns a final request into the decision it carries. Fails closed: whatever does not open, does
 * not match what was asked, or contradicts itself is thrown and never an approval.
 */
export async function readDecision(
  request: WireRequest,
  { cipher, draft, schema = draft?.schema }: AnswerChecks,
): Promise<Decision<JsonValue>> {
  const payload = await openPayload(request, cipher);
  if (draft && !isSameRequest(draft, request, payload)) {
    throw invalidResponse(
      "Expected an answer to what was asked, got one to something else",
      draft.id,
    );
  }
  const patch = await openPatch(request, cipher);
  const base = baseOf(request, payload);
  const { status } = request;
  switch (status) {
    case "APPROVED":
      if (patch !== undefined) break;
      return { ...base, approved: true, status, approvedPayload: payload };
    case "APPROVED_WITH_MODIFICATIONS": {
      if (patch === undefined) break;
      await requireUsablePatch(request, patch, schema);
      const diffSummary = diffPayload(payload, patch);
      return {
        ...base,
        approved: true,
        status,
        patchedPayload: patch,
        approvedPayload: patch,
        diffSummary,
      };
    }
    case "REJECTED":
    case "EXPIRED":
    case "CANCELLED":
      return { ...base, approved: false, status };
  }
  throw invalidResponse(
    `Expected a decision that agrees with itself, got ${status} ${patch === undefined ? "without" : "with"} an edit`,
    request.id,
  );
}

/** The clear payload of a request. */
export async function openPayload(request: WireRequest, cipher: Cipher): Promise<JsonValue> {
  if (request.payload === undefined) {
    throw invalidResponse("Expected the payload in the control plane's answer", request.id);
  }
  return cipher.open(request, request.payload, "payload");
}

/** The clear edit of a request; `undefined` when there is none. */
export async function openPatch(
  request: WireRequest,
  cipher: Cipher,
): Promise<JsonValue | undefined> {
  if (request.patched_payload === undefined) return undefined;
  return cipher.open(request, request.patched_payload, "patch");
}

/** True when a request is the one that was drafted, in everything an approver relies on. */
export function isSameRequest(draft: Draft, request: WireRequest, payload: JsonValue): boolean {
  return (
    request.id === draft.id &&
    request.service === draft.service &&
    request.action === draft.action &&
    request.role === draft.role &&
    canonicalJson(payload) === draft.payloadText
  );
}

async function requireUsablePatch(
  request: WireRequest,
  patch: JsonValue,
  schema: CompiledSchema | undefined,
): Promise<void> {
  if (isEmpty(patch)) {
    throw new ValidationError({
      code: "PATCH_EMPTY",
      message: `Expected an edited payload with content, got an empty one for ${request.id}. Treat it as not approved.`,
      requestId: request.id,
    });
  }
  const schemas = await schemasFor(request, schema);
  for (const each of schemas) {
    const { checkValue } = await import("../schema/index.js");
    const issues = await checkValue(each, patch);
    if (issues.length === 0) continue;
    throw new ValidationError({
      code: "PATCH_INVALID",
      message: `Expected an edited payload that fits the schema, got one for ${request.id} that does not${firstIssue(issues)} Treat it as not approved.`,
      requestId: request.id,
      issues,
    });
  }
}

async function schemasFor(
  request: WireRequest,
  schema: CompiledSchema | undefined,
): Promise<readonly CompiledSchema[]> {
  const own = schema ? [schema] : [];
  if (request.schema === undefined) return own;
  const { compileJsonSchema } = await import("../schema/index.js");
  return [compileJsonSchema(request.schema), ...own];
}

function isEmpty(patch: JsonValue): boolean {
  if (typeof patch === "object" && patch !== null) return Object.keys(patch).length === 0;
  return patch === null || patch === "";
}

function baseOf(request: WireRequest, payload: JsonValue) {
  const { id, reason, decided_by, resolved_at, metadata, url } = request;
  if (decided_by === undefined || resolved_at === undefined) {
    throw invalidResponse("Expected a decision, got a request without one", id);
  }
  return {
    id,
    payload,
    ...(reason === undefined ? {} : { reason }),
    decidedBy: decided_by,
    resolvedAt: new Date(resolved_at),
    metadata: metadata as JsonObject,
    url,
  };
}
