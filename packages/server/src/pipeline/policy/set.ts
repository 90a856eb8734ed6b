import type { ValidationIssue } from "@holdpoint/protocol";
import type { WirePolicyProblem } from "@holdpoint/protocol/policy";
import type { setPolicySchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { MemberCaller } from "../../domain/caller.js";
import { staleBase } from "../../domain/conflict.js";
import { MAX_ISSUES } from "../../domain/issues.js";
import type { Mint } from "../../domain/mint.js";
import { checkPolicy } from "../../domain/policy/check.js";
import { ProblemError } from "../../domain/problem.js";
import type { PolicyRevision } from "../../store/verbs/policies.js";

/**
 * Puts a text in force for whatever is asked from now on.
 *
 * @throws {ProblemError} `POLICY_INVALID`; `REVISION_CONFLICT`: it was made from another revision.
 */
export async function setPolicy(
  { store }: Context,
  { projectId, operator }: MemberCaller,
  { text, base_revision: baseRevision, note }: z.output<typeof setPolicySchema>,
  mint: Mint,
): Promise<PolicyRevision> {
  assertUsable(text);
  const result = await store.policies.set({
    id: mint.id("pol"),
    projectId,
    baseRevision,
    text,
    ...(note !== undefined && { note }),
    createdAt: mint.now,
    createdBy: operatorActor(operator),
    eventId: mint.id("evt"),
  });
  if (result.outcome === "lost") throw staleBase(baseRevision, result.policy?.revision ?? 0);
  return result.policy;
}

/** @throws {ProblemError} `POLICY_INVALID`, with what is wrong and where. */
export function assertUsable(text: string): void {
  const { valid, problems } = checkPolicy(text);
  if (valid) return;
  const errors = problems.filter(({ severity }) => severity === "error");
  const issues = errors.slice(0, MAX_ISSUES).map(issueOf);
  const [first] = issues;
  throw new ProblemError({
    code: "POLICY_INVALID",
    detail: `/text: ${first?.message ?? "Expected a policy in Cedar."} Check it with POST /v1/policies/check.`,
    issues,
  });
}

function issueOf({ message, help, line, column }: WirePolicyProblem): ValidationIssue {
  const place = line === undefined ? "" : `line ${line}, column ${column}: `;
  const advice = help === undefined ? "" : ` (${help})`;
  return { path: "/text", message: `${place}${message}${advice}.` };
}
