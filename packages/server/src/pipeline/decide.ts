import { isFinalStatus, LIMITS } from "@holdpoint/protocol";
import type { decisionSchema } from "@holdpoint/protocol/schemas";
import { typeidUnboxed } from "typeid-js";
import type { z } from "zod";
import type { Context } from "../context.js";
import { operatorActor } from "../domain/actor.js";
import type { MemberCaller } from "../domain/caller.js";
import { conflictOf } from "../domain/conflict.js";
import { digestTextOf } from "../domain/digest.js";
import { type Patch, readPatch } from "../domain/patch.js";
import { ProblemError } from "../domain/problem.js";
import { hasQuorum, type Request, type Resolution } from "../domain/request.js";
import { assertMayDecide } from "../domain/roles.js";
import { assertFitsSchema } from "../domain/schema/check.js";
import { readLoweredAmount } from "../domain/spend/patch.js";
import { SPEND_SERVICE } from "../domain/spend/purchase.js";
import { loadRequest } from "./load.js";
import { resolve } from "./resolve.js";

export type DecisionInput = z.output<typeof decisionSchema>;

/**
 * Records an operator's answer: once, by compare-and-set on the revision it was made on. Where a
 * quorum has to approve, an approval counts once per operator and the last one approves.
 *
 * @throws {ProblemError} `REQUEST_NOT_FOUND`, `ROLE_REQUIRED`, `ALREADY_DECIDED`,
 *   `REVISION_CONFLICT`, and those of {@link readPatch} and of the schema check.
 */
export async function decideRequest(
  context: Context,
  caller: MemberCaller,
  requestId: string,
  input: DecisionInput,
): Promise<Request> {
  const request = await loadRequest(context, caller, requestId);
  assertMayDecide(caller, request.role);
  assertOpen(request, input.revision);
  const patch = await acceptPatch(context, request, input);
  const resolution = resolutionOf(caller, input, request, patch, context.clock.now());
  return resolve(context, caller, request, resolution);
}

function assertOpen(request: Request, revision: number): void {
  if (isFinalStatus(request.status) || request.revision !== revision) throw conflictOf(request);
}

async function acceptPatch(
  context: Context,
  request: Request,
  input: DecisionInput,
): Promise<Patch | undefined> {
  if (input.decision !== "approve" || input.patched_payload === undefined) return undefined;
  const patch = readPatch(request, input.patched_payload);
  if (patch !== undefined && hasQuorum(request)) throw severalDecide();
  if (patch !== undefined && !request.encrypted && request.schema !== undefined) {
    await assertFitsSchema(patch.patchedPayload, request.schema, {
      code: "PATCH_INVALID",
      path: "/patched_payload",
    });
  }
  return patch && acceptPurchasePatch(context, request, patch);
}

/** A person may let a purchase spend less than it asks for, never more. */
async function acceptPurchasePatch(
  { store }: Context,
  request: Request,
  patch: Patch,
): Promise<Patch> {
  if (request.service !== SPEND_SERVICE) return patch;
  const purchase = await store.purchases.find(request.projectId, request.id);
  if (purchase === undefined) return patch;
  const approvedAmountMinor = readLoweredAmount(request, purchase.terms, patch.patchedPayload);
  return { ...patch, approvedAmountMinor };
}

function resolutionOf(
  { operator }: MemberCaller,
  input: DecisionInput,
  request: Request,
  patch: Patch | undefined,
  now: number,
): Resolution {
  return {
    status: statusOf(input, patch),
    ...(input.decision === "approve" && authorize(patch?.patchedPayload ?? request.payload, now)),
    decidedBy: operatorActor(operator),
    at: now,
    ...(input.reason !== undefined && { reason: input.reason }),
    ...patch,
  };
}

/** The others would not have seen the edit. */
function severalDecide(): ProblemError {
  return new ProblemError({
    code: "PATCH_INVALID",
    detail:
      "Expected no edit: several people decide, and the others would not see it. Approve it unchanged, or reject it.",
    issues: [
      { path: "/patched_payload", message: "Expected no edit where several people decide." },
    ],
  });
}

/** The one-use authority to run exactly these arguments. */
function authorize(approved: unknown, now: number) {
  const grant = { id: typeidUnboxed("gnt"), expiresAt: now + LIMITS.grantMs };
  return { approvedDigest: digestTextOf(approved), grant };
}

function statusOf(input: DecisionInput, patch: Patch | undefined): Resolution["status"] {
  if (input.decision === "reject") return "REJECTED";
  return patch === undefined ? "APPROVED" : "APPROVED_WITH_MODIFICATIONS";
}
