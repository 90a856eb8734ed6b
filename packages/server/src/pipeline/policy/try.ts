import { setImmediate } from "node:timers/promises";
import { POLICY_VERDICTS, type PolicyVerdict } from "@holdpoint/protocol";
import type { WirePolicyChange, WirePolicyTrial } from "@holdpoint/protocol/policy";
import type { tryPolicySchema } from "@holdpoint/protocol/schemas";
import type { z } from "zod";
import type { Context } from "../../context.js";
import type { MemberCaller } from "../../domain/caller.js";
import { evaluatePolicy, type PolicyEvaluation } from "../../domain/policy/evaluate.js";
import { listPast, type PastRequest } from "./past.js";
import { assertUsable } from "./set.js";

const DEFAULT_LIMIT = 200;

/**
 * Asks a text that is not in force about past requests, and the one that is. Nothing is changed.
 *
 * @throws {ProblemError} `POLICY_INVALID`.
 */
export async function tryPolicy(
  context: Context,
  { projectId }: MemberCaller,
  { text, since, limit = DEFAULT_LIMIT }: z.output<typeof tryPolicySchema>,
): Promise<WirePolicyTrial> {
  assertUsable(text);
  const inForce = (await context.store.policies.find(projectId))?.text ?? "";
  const sinceMs = since === undefined ? 0 : Date.parse(since);
  const verdicts = noVerdicts();
  const changed: WirePolicyChange[] = [];
  let tried = 0;
  for await (const past of listPast(context, projectId, { sinceMs, limit })) {
    const wouldBe = evaluatePolicy(text, past.question);
    const was = evaluatePolicy(inForce, past.question);
    tried += 1;
    // A large policy takes milliseconds each time: whoever waits comes in between.
    await setImmediate();
    verdicts[wouldBe.verdict] += 1;
    if (was.verdict !== wouldBe.verdict) changed.push(changeOf(past, was.verdict, wouldBe));
  }
  return { tried, verdicts, changed };
}

function noVerdicts(): Record<PolicyVerdict, number> {
  return Object.fromEntries(POLICY_VERDICTS.map((verdict) => [verdict, 0])) as Record<
    PolicyVerdict,
    number
  >;
}

function changeOf(
  { request }: PastRequest,
  was: PolicyVerdict,
  { verdict, statements, reason }: PolicyEvaluation,
): WirePolicyChange {
  return {
    request_id: request.id,
    service: request.service,
    action: request.action,
    agent: request.agent,
    created_at: new Date(request.createdAt).toISOString(),
    was,
    would_be: verdict,
    policies: statements,
    ...(reason !== undefined && { reason }),
  };
}
