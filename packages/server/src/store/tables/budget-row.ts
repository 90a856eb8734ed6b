import { SPEND_SCOPES } from "@holdpoint/protocol/spend";
import { type BudgetPlace, budgetIdOf } from "../../domain/budgets/id.js";
import type { Reader } from "../database.js";
import type { Dialect } from "../dialects/dialect.js";
import type { SpendAccountRow } from "../schema.js";
import type { Budget } from "../verbs/budgets.js";
import { optional } from "./request-row.js";

export function selectBudgets({ db }: Reader) {
  return db
    .selectFrom("spend_accounts")
    .leftJoin("agents", "agents.id", "spend_accounts.scope_id")
    .leftJoin("organisations", "organisations.id", "spend_accounts.scope_id")
    .selectAll("spend_accounts")
    .select(["agents.name as agent_name", "organisations.name as organisation_name"]);
}

/** Those that a project may see: its own, its agents', and its organisation's. */
export function selectVisible(reader: Reader, projectId: string) {
  return selectBudgets(reader).where((where) => {
    const agents = where.selectFrom("agents").select("id").where("project_id", "=", projectId);
    const organisation = where
      .selectFrom("projects")
      .select("organisation_id")
      .where("id", "=", projectId)
      .where("organisation_id", "is not", null);
    const of = (scope: Budget["scope"]) => where("spend_accounts.scope", "=", scope);
    return where.or([
      where.and([of("project"), where("spend_accounts.scope_id", "=", projectId)]),
      where.and([of("agent"), where("spend_accounts.scope_id", "in", agents)]),
      where.and([of("organisation"), where("spend_accounts.scope_id", "in", organisation)]),
    ]);
  });
}

export function selectPlace(reader: Reader, { scope, scopeId, currency }: BudgetPlace) {
  return selectBudgets(reader)
    .where("spend_accounts.scope", "=", scope)
    .where("spend_accounts.scope_id", "=", scopeId)
    .where("spend_accounts.currency", "=", currency);
}

export type BudgetRow = SpendAccountRow & {
  readonly agent_name: string | null;
  readonly organisation_name: string | null;
};

export function toBudget(row: BudgetRow, dialect: Dialect): Budget {
  const { scope_id: id, agent_name, organisation_name } = row;
  const name = agent_name ?? organisation_name;
  return {
    id: row.id,
    scope: row.scope,
    scopeId: id,
    ...(name !== null && { holder: { id, name } }),
    currency: row.currency,
    ...optional("allocated", row.allocated === null ? null : dialect.decodeInteger(row.allocated)),
    held: dialect.decodeInteger(row.held),
    spent: dialect.decodeInteger(row.spent),
    updatedAt: dialect.decodeInteger(row.updated_at),
  };
}

/** Whose budgets bind an agent, from the outermost inwards. */
export async function loadChain(
  { db }: Reader,
  agent: { readonly id: string; readonly projectId: string },
): Promise<readonly Pick<Budget, "scope" | "scopeId" | "holder">[]> {
  const row = await db
    .selectFrom("agents")
    .innerJoin("projects", "projects.id", "agents.project_id")
    .leftJoin("organisations", "organisations.id", "projects.organisation_id")
    .select([
      "agents.name as agent_name",
      "projects.organisation_id",
      "organisations.name as organisation_name",
    ])
    .where("agents.id", "=", agent.id)
    .where("agents.project_id", "=", agent.projectId)
    .executeTakeFirst();
  if (row === undefined) return [];
  const { organisation_id: id, organisation_name: name } = row;
  const holder = { id: agent.id, name: row.agent_name };
  return [
    ...(id === null
      ? []
      : [{ scope: "organisation" as const, scopeId: id, holder: { id, name: name ?? "" } }]),
    { scope: "project", scopeId: agent.projectId },
    { scope: "agent", scopeId: agent.id, holder },
  ];
}

/** A budget that nobody has used yet. */
export function unusedBudget(
  of: Pick<Budget, "scope" | "scopeId" | "holder">,
  currency: string,
  now: number,
): Budget {
  const id = budgetIdOf({ ...of, currency });
  return { ...of, id, currency, held: 0, spent: 0, updatedAt: now };
}

/** Outermost scope first, agents by name, and then by currency. */
export function inOrder(a: Budget, b: Budget): number {
  const rank = ({ scope }: Budget) => -SPEND_SCOPES.indexOf(scope);
  return (
    rank(a) - rank(b) ||
    compare(a.holder?.name ?? "", b.holder?.name ?? "") ||
    compare(a.scopeId, b.scopeId) ||
    compare(a.currency, b.currency)
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
