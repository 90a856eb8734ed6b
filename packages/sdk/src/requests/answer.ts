import {
  canonicalJson,
  diffPayload,
  digestJson,
  isEmptyPatch,
  type JsonValue,
  type ValidationIssue,
  type WireRequest,
} from "@holdpoint/protocol";
import type { Cipher } from "../encryption/cipher.js";
import { NotFoundError } from "../errors/not-found.js";
import { invalidResponse } from "../errors/response.js";
import { ValidationError } from "../errors/validation.js";
import type { CompiledSchema } from "../schema/compile.js";
import { checkValue, compileJsonSchema } from "../schema/load.js";
import { viewGrant } from "../views/request.js";
import { viewShield } from "../views/shield.js";
import { firstIssue } from "./check.js";
import type { Decision, Grant } from "./decision.js";
import type { Draft } from "./draft.js";

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
    throw invalidResponse("Expected an answer to what was asked, got one to something else", {
      requestId: draft.id,
    });
  }
  const patch = await openPatch(request, cipher);
  const base = baseOf(request, payload);
  const { status } = request;
  switch (status) {
    case "APPROVED":
      if (patch !== undefined) break;
      return {
        ...base,
        approved: true,
        status,
        approvedPayload: payload,
        ...(await readGrant(request)),
      };
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
        ...(await readGrant(request)),
      };
    }
    case "REJECTED":
    case "EXPIRED":
    case "CANCELLED":
      return { ...base, approved: false, status };
  }
  throw invalidResponse(
    `Expected ${status} ${patch === undefined ? "with" : "without"} an edit, got it ${patch === undefined ? "without" : "with"}`,
    { requestId: request.id },
  );
}

/** The clear payload of a request. */
export async function openPayload(request: WireRequest, cipher: Cipher): Promise<JsonValue> {
  const { id, contents_deleted_at: deletedAt } = request;
  if (deletedAt !== undefined) {
    throw new NotFoundError({
      code: "CONTENTS_DELETED",
      message: `Expected what ${id} asked for, got a request whose contents were deleted at ${deletedAt}. Treat it as not approved; to ask again, use another id or key.`,
      requestId: id,
    });
  }
  if (request.payload === undefined) {
    throw invalidResponse("Expected the payload in the answer", { requestId: id });
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

/** The grant, which has to be for exactly what was received: an edit, or else the payload. */
async function readGrant(request: WireRequest): Promise<{ readonly grant?: Grant }> {
  if (request.grant === undefined) return {};
  const grant = viewGrant(request.grant);
  const digest = await digestJson(request.patched_payload ?? request.payload);
  if (grant.approvedDigest !== `sha256:${digest}`) {
    throw invalidResponse("Expected a grant for what was approved, got one for something else", {
      requestId: request.id,
    });
  }
  return { grant };
}

/** True when a request is the one that was drafted, in everything an approver relies on. */
export function isSameRequest(draft: Draft, request: WireRequest, payload: JsonValue): boolean {
  return (
    request.id === draft.id &&
    request.service === draft.service &&
    request.action === draft.action &&
    isRoutedAsAsked(draft, request) &&
    canonicalJson(payload) === draft.payloadText
  );
}

/** A policy may hold a request for another role than the agent asked for. */
function isRoutedAsAsked({ role }: Draft, request: WireRequest): boolean {
  return request.role === role || request.policy?.verdict === "hold";
}

async function requireUsablePatch(
  request: WireRequest,
  patch: JsonValue,
  schema: CompiledSchema | undefined,
): Promise<void> {
  if (isEmptyPatch(patch))
    throw unusablePatch("PATCH_EMPTY", request.id, "with content, got an empty one.");
  for (const each of await schemasFor(request, schema)) {
    const issues = await checkValue(each, patch);
    if (issues.length === 0) continue;
    const fault = `that fits its schema, got one that does not${firstIssue(issues)}`;
    throw unusablePatch("PATCH_INVALID", request.id, fault, issues);
  }
}

function unusablePatch(
  code: "PATCH_EMPTY" | "PATCH_INVALID",
  requestId: string,
  fault: string,
  issues?: readonly ValidationIssue[],
): ValidationError {
  const message = `Expected an edited payload ${fault} Treat ${requestId} as not approved.`;
  return new ValidationError({ code, message, requestId, issues });
}

async function schemasFor(
  request: WireRequest,
  schema: CompiledSchema | undefined,
): Promise<readonly CompiledSchema[]> {
  const own = schema ? [schema] : [];
  if (request.schema === undefined) return own;
  return [await compileJsonSchema(request.schema), ...own];
}

function baseOf(request: WireRequest, payload: JsonValue) {
  const { id, reason, receipt_id: receiptId, state_id: stateId, metadata, url } = request;
  // Parsing refuses a final request without these two.
  const { decided_by, resolved_at } = request as Required<WireRequest>;
  const given = {
    ...(reason === undefined ? {} : { reason }),
    ...(receiptId === undefined ? {} : { receiptId }),
    ...(stateId === undefined ? {} : { stateId }),
    ...(request.shield === undefined ? {} : { shield: viewShield(request.shield) }),
  };
  const resolvedAt = new Date(resolved_at);
  return { id, payload, ...given, decidedBy: decided_by, resolvedAt, metadata, url };
}
