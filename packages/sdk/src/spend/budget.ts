import type { JsonObject } from "@holdpoint/protocol";
import type { SpendScope } from "@holdpoint/protocol/spend";
import { formatAmount } from "@holdpoint/protocol/spend/core";
import { invalidResponse, isId, isJsonObject, isOneOf, isTime } from "../core.js";
import type { ClientParts } from "../late.js";
import type { Budget } from "./binding.js";
import { parsePage } from "./page.js";
import { isMoney } from "./wire.js";

/** The budgets that bind this agent, each as it stands. */
export async function fetchBudgets(
  { transport }: ClientParts,
  signal: AbortSignal | undefined,
): Promise<readonly Budget[]> {
  const body = await transport.call({ method: "GET", path: "/v1/budgets", signal });
  return parsePage(body).data.map(viewBudget);
}

const SCOPES: readonly SpendScope[] = ["agent", "project", "organisation"];

function viewBudget(body: unknown): Budget {
  if (!isJsonObject(body) || !isId("budget", body.id)) throw invalidResponse("Expected a budget");
  const { id, scope, agent, organisation, currency, available_minor: available } = body;
  if (!isOneOf(SCOPES, scope)) throw invalidResponse("Expected whose budget it is");
  if (!isTime(body.updated_at)) throw invalidResponse("Expected ISO 8601 times");
  const money = (name: "allocated" | "held" | "spent") => readMoney(body, name);
  const isKnown = available === null || Number.isSafeInteger(available);
  if (!isKnown) throw invalidResponse("Expected what is available");
  return {
    id,
    scope,
    ...(agent !== undefined && { agent: agent as Budget["agent"] & object }),
    ...(organisation !== undefined && { organisation: organisation as Budget["agent"] & object }),
    currency: String(currency),
    allocated: body.allocated === null ? null : money("allocated"),
    held: money("held"),
    spent: money("spent"),
    available:
      available === null ? null : formatAmount(BigInt(Number(available)), String(currency)),
    updatedAt: new Date(body.updated_at),
  };
}

function readMoney(body: JsonObject, name: string): string {
  const money = body[name];
  if (isMoney(money) && money.currency === body.currency) {
    return formatAmount(BigInt(money.amount_minor), money.currency);
  }
  throw invalidResponse(`Expected money of the budget's currency as ${name}`);
}
