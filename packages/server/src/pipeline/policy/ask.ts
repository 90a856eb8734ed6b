import { LIMITS } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { digestTextOf } from "../../domain/digest.js";
import { deciderOf, denialOf, judgementOf } from "../../domain/policy/answer.js";
import type { PolicyAnswer } from "../../domain/policy/question.js";
import type { NewRequest, Resolution } from "../../domain/request.js";
import { type AskClaims, askedOf } from "../shield/asked.js";
import { type Course, tighten, verdictOf } from "../shield/tighten.js";
import { questionOf } from "./question.js";

/** A request with what the policy says of it, and its answer where no person has to give one. */
export interface JudgedRequest {
  readonly request: NewRequest;
  readonly resolution?: Resolution;
}

/**
 * Asks the policy about what an agent asks, and lets the shield tighten what it says. What nothing is
 * said of, and what could not be evaluated, a person decides.
 */
export async function judgeRequest(
  { policy, shield }: Context,
  { scopes }: AgentCaller,
  request: NewRequest,
  claims: AskClaims,
): Promise<JudgedRequest> {
  const measurement = await shield.measure(askedOf("ask", request, claims));
  const answer = await policy.judge(questionOf({ ...request, ...verdictOf(measurement) }, scopes));
  const judgement = judgementOf(answer);
  const { course, kept } = tighten(courseOf(answer), measurement);
  const judged = { ...request, ...kept, ...(judgement !== undefined && { policy: judgement }) };
  switch (course) {
    case "deny":
      return { request: judged, resolution: denied(answer, request) };
    case "hold":
      return { request: { ...judged, ...roleOf(answer) } };
    case "run":
      return { request: judged, resolution: allowed(answer, request) };
  }
}

/** A person decides what nothing else is said of. */
function courseOf({ failed, verdict }: PolicyAnswer): Course {
  if (failed === true) return "hold";
  switch (verdict) {
    case "deny":
      return "deny";
    case "allow":
      return "run";
    case "hold":
    case "none":
      return "hold";
  }
}

/** Where a person has to be of a role; what could not be evaluated names none. */
function roleOf({ failed, role }: PolicyAnswer): { readonly role?: string } {
  return failed !== true && role !== undefined ? { role } : {};
}

function denied(answer: PolicyAnswer, { createdAt: at }: NewRequest): Resolution {
  return { status: "REJECTED", decidedBy: deciderOf(answer), at, reason: denialOf(answer) };
}

/** With the same one-use authority that a person's approval gives. */
function allowed(answer: PolicyAnswer, { createdAt: at, payload }: NewRequest): Resolution {
  const { reason } = answer;
  return {
    status: "APPROVED",
    decidedBy: deciderOf(answer),
    at,
    ...(reason !== undefined && { reason }),
    approvedDigest: digestTextOf(payload),
    grant: { id: typeidUnboxed("gnt"), expiresAt: at + LIMITS.grantMs },
  };
}
