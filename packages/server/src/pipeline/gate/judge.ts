import type { JsonObject, WireActor, WirePolicyJudgement } from "@holdpoint/protocol";
import type { Context } from "../../context.js";
import { SHIELD } from "../../domain/actor.js";
import type { AgentCaller } from "../../domain/caller.js";
import type { Action } from "../../domain/gate/action.js";
import type { CallCost, NewGateCall } from "../../domain/gate/call.js";
import { dayOf } from "../../domain/gate/day.js";
import { deciderOf, NOT_EVALUATED } from "../../domain/policy/answer.js";
import type { PolicyAnswer, PolicyQuestion } from "../../domain/policy/question.js";
import type { NewRequest } from "../../domain/request.js";
import { questionOf } from "../policy/question.js";
import { type AskClaims, askedOf } from "../shield/asked.js";
import {
  type Course,
  NOT_MEASURED,
  type Tightened,
  tighten,
  verdictOf,
} from "../shield/tighten.js";

/** A call about to be judged: the request it is about to be, and what runs. */
export interface Plan {
  readonly action: Action;
  readonly parameters: JsonObject;
  readonly request: NewGateCall["request"];
  readonly claims: AskClaims;
  readonly cost?: CallCost;
}

/** What policy, manifest and shield together make of a call, and what the policy alone has said. */
export interface Judged {
  readonly judgement: WirePolicyJudgement;
  /** What its request keeps of the shield's verdict. */
  readonly kept: Tightened["kept"];
  readonly decision: Decision;
}

type Decision =
  | { readonly kind: "hold"; readonly role?: string }
  | { readonly kind: "deny"; readonly decidedBy: WireActor; readonly reason: string }
  | { readonly kind: "run"; readonly decidedBy: WireActor };

/**
 * Judges a call. Nothing runs for want of a policy: what no statement lets through is denied, and so is
 * what could not be judged. The shield can only tighten that.
 */
export async function judgeCall(
  context: Context,
  caller: AgentCaller,
  plan: Plan,
): Promise<Judged> {
  const { action, request, claims, cost } = plan;
  const asked = askedOf("execute", request, { ...claims, ...(cost && { cost }) });
  const measurement = await context.shield.measure(asked);
  const answer = await ask(context, caller, plan, verdictOf(measurement));
  const decision = decide(answer, action);
  const asksNobody = action.manifest.approval === "never";
  const { course, kept } = tighten(decision.kind, measurement, { asksNobody });
  return { judgement: judgementOf(answer), kept, decision: follow(decision, course, action, kept) };
}

/** What is decided, unless the shield has made it something stricter. */
function follow(
  decision: Decision,
  course: Course,
  { manifest }: Action,
  { shield }: Tightened["kept"],
): Decision {
  if (course === decision.kind) return decision;
  if (course === "hold") return hold(manifest.role);
  return { kind: "deny", decidedBy: SHIELD, reason: shield?.explanation ?? NOT_MEASURED };
}

async function ask(
  context: Context,
  caller: AgentCaller,
  plan: Plan,
  verdict: Pick<NewRequest, "shield">,
): Promise<PolicyAnswer> {
  const { policy, log } = context;
  try {
    return await policy.judge(await questionAbout(context, caller, plan, verdict));
  } catch (error) {
    log.warn(
      { reason: error instanceof Error ? error.name : "unknown" },
      "a call of the gate was denied, for it could not be judged",
    );
    return UNJUDGED;
  }
}

async function questionAbout(
  { store }: Context,
  { agent, scopes }: AgentCaller,
  { request, cost }: Plan,
  verdict: Pick<NewRequest, "shield">,
): Promise<PolicyQuestion> {
  const used = await store.agentLimits.usedOn(agent.id, dayOf(request.createdAt), cost?.currency);
  const today = { calls: used.calls, costMinor: used.cost?.amountMinor ?? 0 };
  return { ...questionOf({ ...request, ...verdict }, scopes, cost), today };
}

function decide(answer: PolicyAnswer, { manifest }: Action): Decision {
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
