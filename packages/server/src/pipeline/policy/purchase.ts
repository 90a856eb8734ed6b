import type { Context } from "../../context.js";
import type { AgentCaller } from "../../domain/caller.js";
import { judgementOf } from "../../domain/policy/answer.js";
import type { NewPurchase } from "../../domain/spend/purchase.js";
import { questionOf, spendOf } from "./question.js";

/** A purchase with what the policy says of it: what binds the money judges it all the same. */
export async function judgePurchase(
  { policy }: Context,
  { scopes }: AgentCaller,
  purchase: NewPurchase,
): Promise<NewPurchase> {
  const { request, terms } = purchase;
  const answer = await policy.judge(questionOf(request, scopes, spendOf(terms)));
  const judgement = judgementOf(answer);
  if (judgement === undefined) return purchase;
  return { ...purchase, request: { ...request, policy: judgement }, policy: answer };
}
