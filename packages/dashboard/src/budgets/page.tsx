import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { agentsQuery } from "../agents/queries.js";
import { killSwitchesQuery } from "../kill-switches/queries.js";
import { SwitchDialog, type SwitchTarget } from "../kill-switches/switch-dialog.js";
import { organisationsQuery } from "../organisations/queries.js";
import { canAdminister, canDecide } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { useTitle } from "../ui/title.js";
import { FirstBudget } from "./first-budget.js";
import { HolderSection } from "./holder-section.js";
import { Swatch } from "./meter.js";
import { budgetsQuery } from "./queries.js";
import { type BudgetTarget, SetBudgetDialog } from "./set-dialog.js";
import { arrangeHolders, type HolderTree } from "./tree.js";

/** `/spend`: the money there is, as it nests, and the switches that stop it. */
export function BudgetsPage() {
  const { project, roles } = useSession();
  const budgets = useQuery(budgetsQuery(project.id));
  const agents = useQuery(agentsQuery(project.id));
  const switches = useQuery(killSwitchesQuery(project.id));
  const organisations = useQuery(organisationsQuery(project.id));
  const [setting, setSetting] = useState<BudgetTarget>();
  const [switching, setSwitching] = useState<SwitchTarget>();
  useTitle("Budgets");

  const failed = [budgets, agents, switches].find(({ isError, data }) => isError && !data);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!budgets.data || !agents.data || !switches.data) return <LoadingState what="budgets" />;
  const tree = arrangeHolders({
    project,
    // Only an organisation without any budget needs it.
    organisations: organisations.data?.data ?? [],
    agents: agents.data.data,
    budgets: budgets.data.data,
    switches: switches.data.data,
  });
  return (
    <div className="@container space-y-3">
      {budgets.data.data.length === 0 && (
        <FirstBudget
          {...(canAdminister(roles) && {
            onSet: () => setSetting({ scope: "project", name: project.name }),
          })}
        />
      )}
      {budgets.data.data.length > 0 && <Heads />}
      {[tree.organisation, tree.project, ...tree.agents].map(
        (holder) =>
          holder && (
            <HolderSection
              key={holder.key}
              holder={holder}
              nested={tree.organisation !== undefined}
              onSet={setSetting}
              onSwitch={setSwitching}
            />
          ),
      )}
      <IdleAgents idle={tree.idle} onSet={setSetting} onSwitch={setSwitching} />
      {setting && <SetBudgetDialog target={setting} onClose={() => setSetting(undefined)} />}
      {switching && <SwitchDialog target={switching} onClose={() => setSwitching(undefined)} />}
    </div>
  );
}

/** The heads of the columns, once for all sections; the cells carry them for whoever listens. */
function Heads() {
  return (
    <p
      aria-hidden
      className="hidden grid-cols-[minmax(0,1fr)_9.5rem_8.5rem_8.5rem_8.5rem] gap-x-3 px-[calc(1rem+1px)] text-right @4xl:grid"
    >
      {["", "Left", "Held", "Spent", "Budget"].map((name) => (
        <span key={name} className="eyebrow">
          <Swatch name={name} /> {name}
        </span>
      ))}
    </p>
  );
}

function IdleAgents({
  idle,
  onSet,
  onSwitch,
}: {
  idle: HolderTree["idle"];
  onSet: (target: BudgetTarget) => void;
  onSwitch: (target: SwitchTarget) => void;
}) {
  const { roles } = useSession();
  if (idle.length === 0) return null;
  return (
    <details className="rounded-md border border-line bg-panel sm:ml-6">
      <summary className="px-4 py-2.5 text-soft">
        {idle.length === 1 ? "1 agent has" : `${idle.length} agents have`} spent nothing yet
      </summary>
      <ul className="divide-y divide-line border-t border-line">
        {idle.map(({ key, name, agentId = key }) => (
          <li key={key} className="flex flex-wrap items-center gap-2 px-4 py-1.5">
            <span className="min-w-0 flex-1">
              <Text maxLength={100}>{name}</Text>
            </span>
            {canAdminister(roles) && (
              <Button look="quiet" onClick={() => onSet({ scope: "agent", agentId, name })}>
                Set budget…
              </Button>
            )}
            {canDecide(roles, undefined) && (
              <Button
                look="quiet"
                aria-label={`Stop spending of ${name}`}
                onClick={() => onSwitch({ agentId, name, stopped: false })}
              >
                Stop…
              </Button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
