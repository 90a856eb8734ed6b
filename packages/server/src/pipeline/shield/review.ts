import type { reviewShieldStepSchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import { assertFound } from "../../domain/found.js";
import type { Mint } from "../../domain/mint.js";
import { ProblemError } from "../../domain/problem.js";
import { assertMayDecide } from "../../domain/roles.js";
import type { LoggedShieldStep } from "../../store/verbs/shield.js";
import { loadRequest } from "../load.js";
import { loadProfile } from "./load.js";

type ReviewInput = z.output<typeof reviewShieldStepSchema>;

/**
 * Notes what a person says of a step that nobody had to decide, and learns from it. Said again by the
 * same person, the same is answered.
 *
 * @throws {ProblemError} `ROLE_REQUIRED`: neither approver nor admin; `RESOURCE_NOT_FOUND`;
 *   `RESOURCE_CONFLICT`: people decide the request it is of, or somebody has reviewed it otherwise.
 */
export async function reviewStep(
  context: Context,
  caller: MemberCaller,
  service: string,
  { step_id: stepId, answer, environment }: ReviewInput,
  mint: Mint,
): Promise<LoggedShieldStep> {
  assertMayDecide(caller, undefined);
  const { shield } = context.store;
  const profile = await loadProfile(context, caller, service, environment);
  const step = assertFound(await shield.findStep(profile.id, stepId), "a step of this service");
  if (step.source !== "observe") await assertNotForPeople(context, caller, stepId);
  const actor = operatorActor(caller.operator);
  const change = { eventId: mint.id("evt"), at: mint.now, actor, answer };
  const reviewed = await shield.review(profile.id, stepId, change);
  if (typeof reviewed === "object") return reviewed;
  const standing = assertFound(await shield.findStep(profile.id, stepId), "a step of this service");
  const { review } = standing;
  if (review?.answer === answer && review.by.id === actor.id) return standing;
  throw isReviewed(review);
}

/** Their decision is the review: it is learnt from when it is made. */
async function assertNotForPeople(
  context: Context,
  caller: MemberCaller,
  requestId: string,
): Promise<void> {
  const { status, decidedBy } = await loadRequest(context, caller, requestId);
  if (status === "PENDING") throw isPending();
  if (decidedBy?.type === "operator") throw isDecided();
}

function isPending(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail:
      "Expected a step that nobody has to decide; this is a request that waits for a person. Decide it with POST /v1/requests/:id/decision: to approve it is to call it usual, to reject it unusual.",
  });
}

function isDecided(): ProblemError {
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail:
      "Expected a step that nobody has decided; a person has answered this request, and the shield has learnt from that answer. Decide its next one otherwise to teach it otherwise.",
  });
}

function isReviewed(review: LoggedShieldStep["review"]): ProblemError {
  const said = review === undefined ? "" : `, as ${review.answer}`;
  return new ProblemError({
    code: "RESOURCE_CONFLICT",
    detail: `Expected a step that nobody has reviewed; this one has been${said}. Review another step of its kind to say otherwise.`,
  });
}
