import type { SpendScope } from "@holdpoint/protocol/spend";
import { Building2, FolderClosed, type LucideIcon, UserRound } from "lucide-react";
import type { SwitchTarget } from "../kill-switches/switch-dialog.js";
import { canAdminister, canDecide } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Text } from "../ui/text.js";
import { HolderActs } from "./holder-acts.js";
import { BudgetLine } from "./line.js";
import type { BudgetTarget } from "./set-dialog.js";
import type { Holder } from "./tree.js";

const SCOPES: Readonly<Record<SpendScope, { readonly name: string; readonly icon: LucideIcon }>> = {
  organisation: { name: "Organisation", icon: Building2 },
  project: { name: "Project", icon: FolderClosed },
  agent: { name: "Agent", icon: UserRound },
};

/** How deep a holder stands, as an indent that a phone can afford. */
const INDENTS: Readonly<Record<SpendScope, string>> = {
  organisation: "",
  project: "sm:ml-6",
  agent: "sm:ml-12",
};

export interface HolderSectionProps {
  readonly holder: Holder;
  /** Whether anything stands above the project, so that it is indented. */
  readonly nested: boolean;
  readonly onSet: (target: BudgetTarget) => void;
  readonly onSwitch: (target: SwitchTarget) => void;
}

/** Who money is set aside for: their budgets, and the switch that stops them. */
export function HolderSection({ holder, nested, onSet, onSwitch }: HolderSectionProps) {
  const { roles } = useSession();
  const { scope, name, agentId, budgets, stop } = holder;
  const { name: kind, icon: Icon } = SCOPES[scope];
  const admin = canAdminister(roles);
  const target = { name, ...(agentId !== undefined && { agentId }) };
  const stopped = stop !== undefined;
  // Whoever decides may stop; letting go on takes an admin.
  const mayFlip = scope !== "organisation" && (stopped ? admin : canDecide(roles, undefined));
  return (
    <section
      aria-label={`${kind} ${name}`}
      className={`rounded-md border bg-panel ${stopped ? "border-removed" : "border-line"} ${nested ? INDENTS[scope] : scope === "agent" ? "sm:ml-6" : ""}`}
    >
      <header className="flex min-h-11 flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-line px-4 py-1.5">
        <Icon size={15} aria-hidden className="text-faint" />
        <h2 className="min-w-0 font-semibold">
          <Text maxLength={100}>{name}</Text>
        </h2>
        <span className="eyebrow max-sm:sr-only">{kind}</span>
        {stopped && <strong className="text-removed">Stopped</strong>}
        <HolderActs
          name={name}
          stopped={stopped}
          {...(admin && budgets.length === 0 && { onSet: () => onSet({ ...target, scope }) })}
          {...(mayFlip && { onSwitch: () => onSwitch({ ...target, stopped }) })}
        />
      </header>
      {budgets.length === 0 && (
        <p className="px-4 py-2.5 text-faint">No budget, and nothing spent yet.</p>
      )}
      <div className="divide-y divide-line">
        {budgets.map((budget) => (
          <BudgetLine
            key={budget.id}
            budget={budget}
            holder={name}
            {...(admin && { onSet: () => onSet({ ...target, scope, budget }) })}
          />
        ))}
      </div>
    </section>
  );
}
