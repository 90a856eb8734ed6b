import type { setBudgetSchema } from "@holdpoint/protocol/schemas";
import { formatAmount } from "@holdpoint/protocol/spend";
import type { z } from "zod";
import type { Context } from "../../context.js";
import { operatorActor } from "../../domain/actor.js";
import type { BudgetPlace } from "../../domain/budgets/id.js";
import type { MemberCaller } from "../../domain/caller.js";
import { assertFound } from "../../domain/found.js";
import { ProblemError } from "../../domain/problem.js";
import type { Budget } from "../../store/verbs/budgets.js";
import type { Organisation } from "../../store/verbs/organisations.js";
import { loadTarget } from "./target.js";

type BudgetInput = z.output<typeof setBudgetSchema>;

/**
 * Allocates money to an agent, the project or its organisation: in all, not in addition.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`: no such agent, or the project is in no organisation;
 *   `ROLE_REQUIRED`: not an admin of all its projects; `BUDGET_BELOW_COMMITTED`.
 */
export async function setBudget(
  context: Context,
  caller: MemberCaller,
  input: BudgetInput,
): Promise<Budget> {
  const place = await loadPlace(context, caller, input);
  const { outcome, budget } = await context.store.budgets.allocate(
    place,
    input.amount_minor,
    context.clock.now(),
    operatorActor(caller.operator),
  );
  if (outcome === "below_committed") throw belowCommitted(budget);
  return budget;
}

/**
 * A budget that the caller may see every movement of.
 *
 * @throws {ProblemError} `RESOURCE_NOT_FOUND`, also for the organisation's unless the caller belongs
 *   to all its projects: its entries name what each of them buys.
 */
export async function loadBudget(
  { store }: Pick<Context, "store">,
  caller: MemberCaller,
  budgetId: string,
): Promise<Budget> {
  const budget = assertFound(await store.budgets.find(caller.projectId, budgetId), "a budget");
  if (budget.scope !== "organisation") return budget;
  const organisation = await store.organisations.findOfProject(caller.projectId);
  const isMember = organisation && everyProject(organisation, caller, () => true);
  return assertFound(isMember ? budget : undefined, "a budget");
}

async function loadPlace(
  context: Context,
  caller: MemberCaller,
  { scope, agent_id, currency }: BudgetInput,
): Promise<BudgetPlace> {
  if (scope === "organisation") {
    const organisation = await loadOwnOrganisation(context, caller);
    return { scope, scopeId: organisation.id, currency };
  }
  const { projectId, agentId } = await loadTarget(context, caller, agent_id);
  return { scope, scopeId: agentId ?? projectId, currency };
}

async function loadOwnOrganisation(
  { store }: Context,
  caller: MemberCaller,
): Promise<Organisation> {
  const found = await store.organisations.findOfProject(caller.projectId);
  if (found === undefined) {
    throw new ProblemError({
      code: "RESOURCE_NOT_FOUND",
      detail:
        "Expected a project that is in an organisation. Make one with POST /v1/organisations.",
    });
  }
  if (everyProject(found, caller, (roles) => roles.includes("admin"))) return found;
  throw new ProblemError({
    code: "ROLE_REQUIRED",
    detail:
      "Expected an admin of every project of the organisation, by a session that reaches them all.",
  });
}

function everyProject(
  { projects }: Organisation,
  caller: MemberCaller,
  hasRoles: (roles: readonly string[]) => boolean,
): boolean {
  return projects.every(({ id }) => {
    const membership = caller.projects.find(({ project }) => project.id === id);
    return membership !== undefined && hasRoles(membership.roles);
  });
}

function belowCommitted({ held, spent, currency }: Budget): ProblemError {
  const amount = (minor: number) => `${formatAmount(BigInt(minor), currency)} ${currency}`;
  return new ProblemError({
    code: "BUDGET_BELOW_COMMITTED",
    detail: `Expected at least ${amount(held + spent)}: ${amount(held)} are held and ${amount(spent)} spent. Allocate that much, or stop spending with a kill switch.`,
  });
}
