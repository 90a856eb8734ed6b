import { foldName } from "../compile.js";
import type { PurchaseFacts } from "../policy.js";
import { fail, notSet, type PolicyRule, pass } from "./rule.js";

export const judgePayee: PolicyRule = ({ purchase, policy }) => {
  const { allowedPayees, blockedPayees } = policy;
  if (allowedPayees === undefined && blockedPayees === undefined) return notSet("list of payees");
  const payees = payeesOf(purchase);
  if (payees.length === 0) return fail("The policy lists payees, and the purchase names none.");

  const blocked = payees.find((payee) => blockedPayees?.has(foldName(payee)));
  if (blocked !== undefined) return fail(`${blocked} is a blocked payee.`);
  const stranger = payees.find((payee) => allowedPayees?.has(foldName(payee)) === false);
  if (stranger !== undefined) return fail(`${stranger} is none of the allowed payees.`);
  return pass(`${payees.join(", ")} may be paid.`);
};

/** Whom the money reaches: an HTTP 402 challenge pays its address, whoever else is named. */
function payeesOf({ payee, x402 }: PurchaseFacts): readonly string[] {
  const named = [payee, x402?.pay_to].flatMap((name) => (name ? [name] : []));
  return [...new Set(named)];
}
