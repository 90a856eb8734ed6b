import type { JsonObject, WireActor, WirePolicyJudgement } from "@holdpoint/protocol";
import { GATE_SERVICE } from "@holdpoint/protocol/gate";
import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import type { Action } from "../../domain/gate/action.js";
import type { CallCost } from "../../domain/gate/call.js";
import { dayOf } from "../../domain/gate/day.js";
import { deciderOf, NOT_EVALUATED } from "../../domain/policy/answer.js";
import type { PolicyAnswer, PolicyQuestion } from "../../domain/policy/question.js";
import { questionOf } from "../policy/question.js";

/** A call about to be judged. */
export interface Plan {
  readonly action: Action;
  readonly parameters: JsonObject;
  readonly cost?: CallCost;
  readonly environment?: string;
  readonly runId?: string;
  readonly at: number;
}

/** What policy and manifest together make of a call, and what the policy alone has said. */
export interface Judged {
  readonly judgement: WirePolicyJudgement;
  readonly decision:
    | { readonly kind: "hold"; readonly role?: string }
    | { readonly kind: "deny"; readonly decidedBy: WireActor; readonly reason: string }
    | { readonly kind: "run"; readonly decidedBy: WireActor };
}

/**
 * Judges a call. Nothing runs for want of a policy: what no statement lets through is denied, and so is
 * what could not be judged.
 */
export async function judgeCall(
  context: Context,
  caller: AgentCaller,
  plan: Plan,
): Promise<Judged> {
  const answer = await ask(context, caller, plan);
  return { judgement: judgementOf(answer), decision: decide(answer, plan.action) };
}

async function ask(context: Context, caller: AgentCaller, plan: Plan): Promise<PolicyAnswer> {
  const { policy, log } = context;
  try {
    return await policy.judge(await callQuestionOf(context, caller, plan));
  } catch (error) {
    log.warn(
      { reason: error instanceof Error ? error.name : "unknown" },
      "a call of the gate was denied, for it could not be judged",
    );
    return UNJUDGED;
  }
}

async function callQuestionOf(
  { store }: Context,
  { projectId, agent, scopes }: AgentCaller,
  { action, parameters, cost, environment, runId, at }: Plan,
): Promise<PolicyQuestion> {
  const used = await store.agentLimits.usedOn(agent.id, dayOf(at), cost?.currency);
  const asked = {
    projectId,
    agent,
    service: GATE_SERVICE,
    action: action.id,
    priority: action.manifest.risk,
    encrypted: false,
    payload: parameters,
    createdAt: at,
    ...(environment !== undefined && { environment }),
    ...(runId !== undefined && { runId }),
  };
  const today = { calls: used.calls, costMinor: used.cost?.amountMinor ?? 0 };
  return { ...questionOf(asked, scopes, cost), today };
}

function decide(answer: PolicyAnswer, { manifest }: Action): Judged["decision"] {
  const decidedBy = deciderOf(answer);
  const deny = (reason: string) => ({ kind: "deny", decidedBy, reason }) as const;
  if (answer.failed === true) return deny(NOT_EVALUATED);
  switch (answer.verdict) {
    case "deny":
      return deny(answer.reason ?? "A policy forbids it.");
    case "hold":
      if (manifest.approval === "never") {
        return deny("A policy asks for a person, and this action asks nobody.");
      }
      return hold(answer.role ?? manifest.role);
    case "allow":
      return manifest.approval === "always" ? hold(manifest.role) : { kind: "run", decidedBy };
    case "none":
      return deny("No policy lets it through.");
  }
}

function hold(role: string | undefined) {
  return { kind: "hold", ...(role !== undefined && { role }) } as const;
}

/** Also where there is no policy: what was denied for want of one says so. */
function judgementOf({ revision, verdict, statements, reason, failed }: PolicyAnswer) {
  return {
    revision,
    verdict: failed === true ? "deny" : verdict,
    policies: statements,
    ...(reason !== undefined && { reason }),
  } as const;
}

const UNJUDGED: PolicyAnswer = { revision: 0, verdict: "deny", statements: [], failed: true };
