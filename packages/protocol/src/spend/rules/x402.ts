import { type CompiledX402, foldName } from "../compile.js";
import { currencyDecimals, STABLECOINS } from "../currency.js";
import { hostOfUrl } from "../host.js";
import type { PaymentChallenge } from "../wire.js";
import { ask, fail, type JudgedPurchase, type PolicyRule, pass, type Verdict } from "./rule.js";

const NO_CHALLENGE = pass("No payment of an HTTP 402 challenge.");

export const judgeX402: PolicyRule = (input) => {
  const { purchase, policy } = input;
  const { x402: challenge } = purchase;
  if (challenge === undefined) return NO_CHALLENGE;
  const amount = judgeX402Amount(input);
  if (amount.result === "fail" || policy.x402 === undefined) return amount;
  const refusal = refuse(challenge, policy.x402) ?? refuseAmount(input, policy.x402);
  return refusal === undefined ? amount : fail(refusal);
};

/**
 * What is signed has to be what is counted. How many decimals a token has only its contract knows:
 * the stablecoins that are known have as many as they are counted to, and both amounts are the same
 * number. Where they differ by tens a person decides, by anything else it is another amount. This
 * binds without any policy, too.
 */
export function judgeX402Amount({ purchase, amountText }: JudgedPurchase): Verdict {
  const { x402: challenge, amountMinor, currency } = purchase;
  if (challenge === undefined) return NO_CHALLENGE;
  const detail = `The challenge asks for ${challenge.asset_amount} units, the purchase is of ${amountText} ${currency}`;
  const tens = tensBetween(challenge.asset_amount, amountMinor.toString());
  if (tens === undefined) return fail(`${detail}: another amount.`);
  if (tens === 0 && STABLECOINS.some((coin) => coin === currency)) return pass(detail);
  const decimals = (currencyDecimals(currency) ?? 0) + tens;
  return ask(
    `${detail}: the same only for a token of ${decimals} decimals that is worth 1 ${currency}. A person decides.`,
  );
}

/** By how many powers of ten a number of units is more; `undefined` where other digits differ. */
function tensBetween(units: string, minor: string): number | undefined {
  const significant = (digits: string) => digits.replace(/0+$/, "");
  return significant(units) === significant(minor) ? units.length - minor.length : undefined;
}

function refuse(challenge: PaymentChallenge, rules: CompiledX402): string | undefined {
  const { network, asset } = challenge;
  if (rules.allowedNetworks?.has(network) === false) {
    return `${network} is none of the allowed networks.`;
  }
  if (rules.allowedAssets?.has(foldName(asset)) === false) {
    return `${asset} is none of the allowed assets.`;
  }
  if (rules.allowedDomains === undefined && rules.blockedDomains === undefined) return undefined;
  const host = hostOfUrl(challenge.resource_url);
  if (host === undefined) return "The policy lists domains, and the challenge names none.";
  if (rules.blockedDomains?.some((domain) => isOf(host, domain))) {
    return `${host} is a blocked domain.`;
  }
  if (rules.allowedDomains?.some((domain) => isOf(host, domain)) === false) {
    return `${host} is none of the allowed domains.`;
  }
  return undefined;
}

function refuseAmount(
  { purchase, amountText }: JudgedPurchase,
  { maxPerRequest }: CompiledX402,
): string | undefined {
  if (maxPerRequest === undefined || purchase.amountMinor <= maxPerRequest.minor) return undefined;
  return `${amountText} of ${maxPerRequest.text} for one payment`;
}

function isOf(host: string, domain: string): boolean {
  return domain.startsWith("*.") ? host.endsWith(domain.slice(1)) : host === domain;
}
