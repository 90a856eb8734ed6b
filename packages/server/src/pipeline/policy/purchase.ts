import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { judgementOf } from "../../domain/policy/answer.js";
import type { PolicyAnswer } from "../../domain/policy/question.js";
import type { NewPurchase } from "../../domain/spend/purchase.js";
import { type AskClaims, askedOf } from "../shield/asked.js";
import { type Course, tighten, verdictOf } from "../shield/tighten.js";
import { questionOf, spendOf } from "./question.js";

/**
 * A purchase with what the policy says of it under the shield: what binds the money judges it all the
 * same.
 */
export async function judgePurchase(
  { policy, shield }: Context,
  { scopes }: AgentCaller,
  purchase: NewPurchase,
  claims: AskClaims = {},
): Promise<NewPurchase> {
  const { request, terms } = purchase;
  const cost = { amountMinor: terms.amountMinor, currency: terms.currency };
  const measurement = await shield.measure(askedOf("purchase", request, { ...claims, cost }));
  const asked = { ...request, ...verdictOf(measurement) };
  const answer = await policy.judge(questionOf(asked, scopes, spendOf(terms)));
  const judgement = judgementOf(answer);
  const { course, kept } = tighten(courseOf(answer), measurement);
  const isHeld = course === "hold" && courseOf(answer) === "run";
  return {
    ...purchase,
    request: { ...request, ...kept, ...(judgement !== undefined && { policy: judgement }) },
    ...((judgement !== undefined || isHeld) && { policy: isHeld ? heldOf(answer) : answer }),
  };
}

/** As far as the policy is concerned: what it says nothing of is for what binds the money. */
function courseOf({ failed, verdict }: PolicyAnswer): Course {
  if (failed === true || verdict === "hold") return "hold";
  return verdict === "deny" ? "deny" : "run";
}

/** As if the policy had held it. */
function heldOf(answer: PolicyAnswer): PolicyAnswer {
  return { ...answer, verdict: "hold" };
}
