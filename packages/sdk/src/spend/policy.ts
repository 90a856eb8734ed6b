import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { SPEND_CATEGORIES } from "@holdpoint/protocol/spend/core";
import { invalidResponse, isJsonObject, isOneOf, isTime } from "../core.js";
import type { ClientParts } from "../late.js";
import type { BindingPolicy } from "./binding.js";
import { parsePage } from "./page.js";

/** The policies that bind this agent. */
export async function fetchPolicies(
  { transport }: ClientParts,
  signal: AbortSignal | undefined,
): Promise<readonly BindingPolicy[]> {
  const body = await transport.call({ method: "GET", path: "/v1/spend-policies", signal });
  return parsePage(body).data.flatMap(viewPolicy);
}

/** What no policy refuses, or does not know. Without any policy: the categories there are. */
export function listCategories(policies: readonly BindingPolicy[]): readonly string[] {
  const [first, ...others] = policies.map(({ policy }) => categoriesOf(policy));
  const names: readonly string[] = first ?? SPEND_CATEGORIES;
  return names.filter((name) => others.every((known) => known.includes(name)));
}

function categoriesOf(policy: SpendPolicy): readonly string[] {
  const { categories = SPEND_CATEGORIES, allowed_categories, blocked_categories = [] } = policy;
  const isOpen = (name: string) => allowed_categories?.includes(name) ?? true;
  return categories.filter((name) => isOpen(name) && !blocked_categories.includes(name));
}

/** What was taken away binds no more. */
function viewPolicy(body: unknown): BindingPolicy[] {
  if (!isJsonObject(body)) throw invalidResponse("Expected a spend policy");
  const { id, scope, agent, revision, policy, summary, created_at: createdAt } = body;
  if (policy === null) return [];
  const isUsable =
    typeof id === "string" &&
    isOneOf(["agent", "project"] as const, scope) &&
    Number.isInteger(revision) &&
    isJsonObject(policy) &&
    Array.isArray(summary) &&
    isTime(createdAt);
  if (!isUsable) throw invalidResponse("Expected a spend policy with what it means");
  return [
    {
      id,
      scope,
      ...(agent !== undefined && { agent: agent as BindingPolicy["agent"] & object }),
      revision: Number(revision),
      policy: policy as unknown as SpendPolicy,
      summary: summary.map(String),
      createdAt: new Date(createdAt),
    },
  ];
}
