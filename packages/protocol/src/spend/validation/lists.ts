import type { ValidationIssue } from "../../problem.js";
import { foldName } from "../compile.js";
import { parseHost } from "../host.js";
import { SPEND_CATEGORIES, type SpendPolicy } from "../policy.js";

export function findListIssues(policy: SpendPolicy): readonly ValidationIssue[] {
  const { x402 } = policy;
  return [
    ...findUnknown(policy, policy.allowed_categories, "/allowed_categories"),
    ...findUnknown(policy, policy.auto_approve?.categories, "/auto_approve/categories"),
    ...findInBoth(policy.allowed_categories, policy.blocked_categories, "/blocked_categories"),
    ...findInBoth(policy.allowed_payees, policy.blocked_payees, "/blocked_payees"),
    ...findInBoth(x402?.allowed_domains, x402?.blocked_domains, "/x402/blocked_domains"),
    ...findNoHosts(x402?.allowed_domains, "/x402/allowed_domains"),
    ...findNoHosts(x402?.blocked_domains, "/x402/blocked_domains"),
  ];
}

/** A category that needs nobody, of which nothing is let through. */
export function findListWarnings(policy: SpendPolicy): readonly string[] {
  const { allowed_categories: allowed, blocked_categories: blocked, auto_approve } = policy;
  const refused = (auto_approve?.categories ?? []).filter(
    (name) => blocked?.includes(name) === true || allowed?.includes(name) === false,
  );
  return refused.map(
    (name) => `auto_approve names the category ${name}, of which nothing is let through.`,
  );
}

function findUnknown(
  { categories }: SpendPolicy,
  names: readonly string[] | undefined,
  path: string,
): readonly ValidationIssue[] {
  const known: readonly string[] = categories ?? SPEND_CATEGORIES;
  return findItems(names, path, (name) =>
    known.includes(name)
      ? undefined
      : `Expected one of the categories (${known.slice(0, 20).join(", ")}), got ${name}. Others are named in categories.`,
  );
}

function findInBoth(
  allowed: readonly string[] | undefined,
  blocked: readonly string[] | undefined,
  path: string,
): readonly ValidationIssue[] {
  const names = new Set(allowed?.map(foldName));
  return findItems(blocked, path, (name) =>
    names.has(foldName(name))
      ? `Expected a name that is not allowed as well, got ${name} in both lists.`
      : undefined,
  );
}

function findNoHosts(
  domains: readonly string[] | undefined,
  path: string,
): readonly ValidationIssue[] {
  return findItems(domains, path, (domain) =>
    parseHost(domain.replace(/^\*\./, "")) === undefined
      ? `Expected a host without port or path, for example api.example.com or *.example.com, got ${JSON.stringify(domain)}.`
      : undefined,
  );
}

function findItems(
  items: readonly string[] | undefined,
  path: string,
  faultOf: (item: string) => string | undefined,
): readonly ValidationIssue[] {
  return (items ?? []).flatMap((item, index) => {
    const message = faultOf(item);
    return message === undefined ? [] : [{ path: `${path}/${index}`, message }];
  });
}
