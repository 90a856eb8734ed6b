import type { WirePolicyExplanation } from "@holdpoint/protocol/policy";
import type { Context } from "../../context.js";
import type { MemberCaller } from "../../domain/caller.js";
import { explainPolicy as explain } from "../../domain/policy/explain.js";
import { loadRequest } from "../load.js";
import { createAskAgain } from "./past.js";

/**
 * What the policy in force says of a request, whatever was in force when it was made.
 *
 * @throws {ProblemError} `REQUEST_NOT_FOUND`.
 */
export async function explainPolicy(
  context: Context,
  caller: MemberCaller,
  requestId: string,
): Promise<WirePolicyExplanation> {
  const { store } = context;
  const request = await loadRequest(context, caller, requestId);
  const askAgain = await createAskAgain(store, caller.projectId);
  const policy = await store.policies.find(caller.projectId);
  const { evaluation, statements, question } = explain(policy?.text, await askAgain(request));
  const { verdict, role, reason, errors } = evaluation;
  return {
    request_id: request.id,
    revision: policy?.revision ?? 0,
    verdict,
    policies: statements,
    ...(role !== undefined && { role }),
    ...(reason !== undefined && { reason }),
    errors,
    question,
  };
}
