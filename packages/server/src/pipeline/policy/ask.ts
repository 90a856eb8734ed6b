import { LIMITS } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { digestTextOf } from "../../domain/digest.js";
import { deciderOf, denialOf, judgementOf } from "../../domain/policy/answer.js";
import type { PolicyAnswer } from "../../domain/policy/question.js";
import type { NewRequest, Resolution } from "../../domain/request.js";
import { questionOf } from "./question.js";

/** A request with what the policy says of it, and its answer where no person has to give one. */
export interface JudgedRequest {
  readonly request: NewRequest;
  readonly resolution?: Resolution;
}

/**
 * Asks the policy about what an agent asks. What nothing is said of, and what could not be evaluated,
 * a person decides.
 */
export async function judgeRequest(
  { policy }: Context,
  { scopes }: AgentCaller,
  request: NewRequest,
): Promise<JudgedRequest> {
  const answer = await policy.judge(questionOf(request, scopes));
  const judgement = judgementOf(answer);
  if (judgement === undefined) return { request };
  const judged = { ...request, policy: judgement };
  if (answer.failed === true) return { request: judged };
  switch (answer.verdict) {
    case "deny":
      return { request: judged, resolution: denied(answer, request) };
    case "hold":
      return { request: { ...judged, ...(answer.role !== undefined && { role: answer.role }) } };
    case "allow":
      return { request: judged, resolution: allowed(answer, request) };
    case "none":
      return { request: judged };
  }
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
