import { type CompiledX402, foldName } from "../compile.js";
import { STABLECOINS } from "../currency.js";
import { hostOfUrl } from "../host.js";
import type { PaymentChallenge } from "../wire.js";
import { fail, type JudgedPurchase, type PolicyRule, pass, type Verdict } from "./rule.js";

const NO_CHALLENGE = pass("No payment of an HTTP 402 challenge.");

export const judgeX402: PolicyRule = (input) => {
  const { purchase, policy } = input;
  const { x402: challenge } = purchase;
  if (challenge === undefined) return NO_CHALLENGE;
  const amount = judgeX402Amount(input);
  if (amount.result !== "pass" || policy.x402 === undefined) return amount;
  const refusal = refuse(challenge, policy.x402) ?? refuseAmount(input, policy.x402);
  return refusal === undefined ? amount : fail(refusal);
};

/**
 * What is signed has to be what is counted. The stablecoins that are known have as many decimals as
 * they are counted to, so both amounts are the same number. This binds without any policy, too.
 */
export function judgeX402Amount({ purchase, amountText }: JudgedPurchase): Verdict {
  const { x402: challenge, amountMinor, currency } = purchase;
  if (challenge === undefined) return NO_CHALLENGE;
  if (!STABLECOINS.some((coin) => coin === currency)) {
    return fail(`The challenge is paid in a token, and ${currency} is no stablecoin.`);
  }
  const detail = `The challenge asks for ${challenge.asset_amount} units, the purchase is of ${amountText} ${currency}`;
  return challenge.asset_amount === amountMinor.toString() ? pass(detail) : fail(detail);
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
