import type { WireAgent } from "@holdpoint/protocol";
import type {
  SpendScope,
  WireBudget,
  WireKillSwitch,
  WireOrganisation,
} from "@holdpoint/protocol/spend";

/** Somebody money is set aside for, with their budgets and whether their spending is stopped. */
export interface Holder {
  readonly key: string;
  readonly scope: SpendScope;
  readonly name: string;
  /** With the scope `agent`. */
  readonly agentId?: string;
  /** One for each currency. */
  readonly budgets: readonly WireBudget[];
  /** The switch, where it is on. */
  readonly stop?: WireKillSwitch;
}

export interface HolderTree {
  /** Absent where the project belongs to none. */
  readonly organisation?: Holder;
  readonly project: Holder;
  /** Agents that have a budget, have spent or are stopped. */
  readonly agents: readonly Holder[];
  /** The other agents: nothing is to be said of their money yet. */
  readonly idle: readonly Holder[];
}

/** Arranges budgets as they nest: organisation, project, agents by name. */
export function arrangeHolders(facts: {
  readonly project: { readonly id: string; readonly name: string };
  readonly organisations: readonly WireOrganisation[];
  readonly agents: readonly WireAgent[];
  readonly budgets: readonly WireBudget[];
  readonly switches: readonly WireKillSwitch[];
}): HolderTree {
  const { project, organisations, agents, budgets, switches } = facts;
  const stopOf = (scope: SpendScope, agentId?: string) => {
    const stop = switches.find((each) => each.scope === scope && each.agent?.id === agentId);
    return stop?.stopped ? { stop } : {};
  };
  const budgetsOf = (scope: SpendScope, agentId?: string) =>
    budgets
      .filter((each) => each.scope === scope && each.agent?.id === agentId)
      .sort((a, b) => a.currency.localeCompare(b.currency));
  const holders = [...agents]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(
      ({ id, name }): Holder => ({
        key: id,
        scope: "agent",
        name,
        agentId: id,
        budgets: budgetsOf("agent", id),
        ...stopOf("agent", id),
      }),
    );
  const isIdle = ({ budgets: own, stop }: Holder) => own.length === 0 && stop === undefined;
  const shared = budgetsOf("organisation");
  const organisation =
    shared[0]?.organisation ??
    organisations.find(({ projects }) => projects.some(({ id }) => id === project.id));
  return {
    ...(organisation && {
      organisation: {
        key: organisation.id,
        scope: "organisation",
        name: organisation.name,
        budgets: shared,
      },
    }),
    project: {
      key: "project",
      scope: "project",
      name: project.name,
      budgets: budgetsOf("project"),
      ...stopOf("project"),
    },
    agents: holders.filter((holder) => !isIdle(holder)),
    idle: holders.filter(isIdle),
  };
}
