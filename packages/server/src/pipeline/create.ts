import { isEnvelope, LIMITS } from "@holdpoint/protocol";
import type { createRequestSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../context.js";
import type { AgentCaller } from "../domain/caller.js";
import { digestOfIntent, digestTextOf } from "../domain/digest.js";
import { assertEnvelope, unmarkedEnvelope } from "../domain/envelope.js";
import { assertPayloadSize } from "../domain/payload.js";
import { ProblemError } from "../domain/problem.js";
import type { NewRequest, Request } from "../domain/request.js";
import { assertFreeForAsks } from "../domain/reserved.js";
import { assertFitsSchema } from "../domain/schema/check.js";
import { compileSchema } from "../domain/schema/compile.js";
import type { StateStore } from "../store/verbs/states.js";
import { loadRequest } from "./load.js";
import { type JudgedRequest, judgeRequest } from "./policy/ask.js";
import { stateNotFound } from "./states/load.js";

export type CreateInput = z.output<typeof createRequestSchema>;

/**
 * Takes in an agent's intent, and holds it for a person unless the policy decides it.
 *
 * @throws {ProblemError} `VALIDATION_FAILED` for a service of purchases or the gate, `ENVELOPE_INVALID`,
 *   `PAYLOAD_TOO_LARGE`, `SCHEMA_INVALID`, `PAYLOAD_INVALID`, `REQUEST_ID_CONFLICT`,
 *   `STATE_NOT_FOUND`.
 */
export async function createRequest(
  context: Context,
  caller: AgentCaller,
  input: CreateInput,
): Promise<{ readonly request: Request; readonly isNew: boolean }> {
  const identified = identify(caller, input, context.clock.now());
  await validate(identified);
  if (await isKnown(context, identified)) {
    return { request: await loadRequest(context, caller, identified.id), isNew: false };
  }
  await assertHasState(context.store.states, identified);
  return take(context, caller, await judgeRequest(context, caller, identified, input));
}

/**
 * Whether it was sent before. Told before it is judged: the shield begins to follow a service with its
 * first request, and what is refused leaves nothing.
 */
async function isKnown({ store }: Context, request: NewRequest): Promise<boolean> {
  const holder = await store.requests.takenBy(request);
  if (holder === "another") throw idConflict();
  return holder === "itself";
}

async function assertHasState(
  states: StateStore,
  { stateId, projectId, agent }: NewRequest,
): Promise<void> {
  if (stateId === undefined) return;
  const state = await states.find(projectId, stateId);
  if (state?.agentId !== agent.id) throw stateNotFound();
}

/** Puts what the server knows beside what the agent says. */
function identify(caller: AgentCaller, input: CreateInput, now: number): NewRequest {
  return {
    id: input.id,
    projectId: caller.projectId,
    agent: caller.agent,
    service: input.service,
    action: input.action,
    payload: input.payload,
    encrypted: input.encrypted ?? false,
    priority: input.priority ?? "medium",
    metadata: input.metadata ?? {},
    createdAt: now,
    expiresAt: now + (input.timeout_ms ?? LIMITS.defaultTimeoutMs),
    digest: digestOfIntent(input),
    payloadDigest: digestTextOf(input.payload),
    ...(input.role !== undefined && { role: input.role }),
    ...(input.schema !== undefined && { schema: input.schema }),
    ...(input.agent_label !== undefined && { agentLabel: input.agent_label }),
    ...(input.skeleton_hash !== undefined && { skeletonHash: input.skeleton_hash }),
    ...(input.environment !== undefined && { environment: input.environment }),
    ...(input.run_id !== undefined && { runId: input.run_id }),
    ...(input.parent_request_id !== undefined && { parentRequestId: input.parent_request_id }),
    ...(input.state_id !== undefined && { stateId: input.state_id }),
    ...(input.witness_digest !== undefined && { witnessDigest: input.witness_digest }),
    ...(input.witness_change !== undefined && { witnessChange: input.witness_change }),
  };
}

/**
 * Refuses what a person could not decide on: a broken envelope, a payload its own schema refuses, and
 * what would pass for a purchase, or a call of the gate, without being judged as one.
 */
async function validate(request: NewRequest): Promise<void> {
  assertFreeForAsks(request.service);
  if (request.encrypted) {
    assertEnvelope(request.payload, request, "payload", "/payload");
    if (request.schema !== undefined) await compileSchema(request.schema);
    return;
  }
  if (isEnvelope(request.payload)) throw unmarkedEnvelope("payload", "/encrypted");
  assertPayloadSize(request.payload, "/payload");
  if (request.schema !== undefined) {
    await assertFitsSchema(request.payload, request.schema, {
      code: "PAYLOAD_INVALID",
      path: "/payload",
    });
  }
}

async function take(context: Context, caller: AgentCaller, { request, resolution }: JudgedRequest) {
  const { store, expiry, metrics, wakeups } = context;
  const result = await store.requests.create(request, resolution);
  if (!("request" in result)) {
    throw result.outcome === "conflict" ? idConflict() : stateNotFound();
  }
  if (result.outcome === "replayed") {
    return { request: await loadRequest(context, caller, request.id), isNew: false };
  }
  if (resolution === undefined) expiry.watch(result.request.expiresAt);
  else metrics.observeResolution(resolution.status);
  wakeups.notify(result.request);
  return { request: result.request, isNew: true };
}

function idConflict(): ProblemError {
  return new ProblemError({
    code: "REQUEST_ID_CONFLICT",
    detail:
      "Expected a new request id, or exactly the body it was first sent with. Make a new id for a new request.",
  });
}
