import type { WirePolicyStatement } from "@holdpoint/protocol/policy";
import { callOf } from "./call.js";
import { CedarFault, callCedar } from "./cedar.js";
import { tagsOf } from "./leaves.js";
import { type PreparedPolicy, preparePolicy } from "./prepare.js";
import type { PolicyAnswer, PolicyQuestion } from "./question.js";

/** An answer, with what led to it. */
export interface PolicyEvaluation extends Omit<PolicyAnswer, "revision"> {
  /** What could not be evaluated, in Cedar's words. */
  readonly errors: readonly string[];
}

/**
 * Asks a policy. `forbid` denies; else a `permit` with `@hold` holds; else a `permit` allows. Where
 * any statement could not be evaluated, nothing but a denial is certain: the answer is `failed`.
 *
 * @param text - Cedar. One that is no policy fails.
 */
export function evaluatePolicy(text: string, question: PolicyQuestion): PolicyEvaluation {
  try {
    return evaluate(preparePolicy(text), question);
  } catch (error) {
    if (error instanceof CedarFault) return failed([error.message]);
    throw error;
  }
}

function evaluate(policy: PreparedPolicy, question: PolicyQuestion): PolicyEvaluation {
  const { payload } = question;
  const tags = payload === undefined ? undefined : tagsOf(payload, policy.reads);
  const answer = callCedar((cedar) =>
    cedar.statefulIsAuthorized({ ...callOf(question, tags), preparsedPolicySetId: policy.slot }),
  );
  if (answer.type === "failure") return failed(answer.errors.map(({ message }) => message));
  const { reason, errors } = answer.response.diagnostics;
  const matched = new Set(reason);
  const isCertain = (statement: PreparedPolicy["statements"][number]) =>
    !(tags?.isCut && statement.reads.any);
  const statements = policy.statements.filter((_, index) => matched.has(`policy${index}`));
  const forbids = statements.filter(({ effect }) => effect === "forbid").filter(isCertain);
  if (forbids.length > 0) return decided("deny", forbids);
  if (errors.length > 0) return failed(errors.map(({ error }) => error.message));
  if (!policy.statements.every(isCertain)) return failed([TOO_LARGE]);
  const holds = statements.filter(({ hold }) => hold !== undefined);
  if (holds.length > 0) return decided("hold", holds);
  return statements.length > 0 ? decided("allow", statements) : NONE;
}

const TOO_LARGE =
  "The payload has more parts than a policy looks through; name what it reads by pointers written in the policy.";

const NONE: PolicyEvaluation = { verdict: "none", statements: [], errors: [] };

function failed(errors: readonly string[]): PolicyEvaluation {
  return { verdict: "none", statements: [], errors, failed: true };
}

function decided(
  verdict: "allow" | "hold" | "deny",
  statements: readonly WirePolicyStatement[],
): PolicyEvaluation {
  const role = statements.find(({ hold }) => hold !== undefined)?.hold;
  const reason = statements.find((statement) => statement.reason !== undefined)?.reason;
  return {
    verdict,
    statements: statements.map(({ id }) => id),
    ...(verdict === "hold" && role !== undefined && { role }),
    ...(reason !== undefined && { reason }),
    errors: [],
  };
}
