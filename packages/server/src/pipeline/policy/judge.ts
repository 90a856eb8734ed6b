import { LruCache } from "../../domain/lru-cache.js";
import { evaluatePolicy } from "../../domain/policy/evaluate.js";
import type { PolicyAnswer, PolicyJudge, PolicyQuestion } from "../../domain/policy/question.js";
import type { PolicyRevision, PolicyStore } from "../../store/verbs/policies.js";

/** Projects whose policy is held here; a text has 128 kB at most. */
const MAX_HELD = 500;

/**
 * Judges by the policy in force. Which that is, the store says each time by one read of an index, so
 * that a policy binds everywhere once its setting is answered; its text is read once.
 */
export function createPolicyJudge(policies: PolicyStore): PolicyJudge {
  const held = new LruCache<PolicyRevision>(MAX_HELD);

  async function inForce(projectId: string): Promise<PolicyRevision | undefined> {
    const revision = await policies.revisionOf(projectId);
    if (revision === 0) return undefined;
    const known = held.get(projectId);
    if (known?.revision === revision) return known;
    const policy = await policies.find(projectId);
    if (policy !== undefined) held.set(projectId, policy);
    return policy;
  }

  return {
    async judge(question: PolicyQuestion): Promise<PolicyAnswer> {
      const policy = await inForce(question.projectId);
      if (policy === undefined) return NO_POLICY;
      const { errors: _errors, ...answer } = evaluatePolicy(policy.text, question);
      return { ...answer, revision: policy.revision };
    },
  };
}

const NO_POLICY: PolicyAnswer = { revision: 0, verdict: "none", statements: [] };
