import type { WireBudget } from "@holdpoint/protocol/spend";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Money } from "../money/money.js";
import { Button } from "../ui/button.js";
import { BurnDownPanel } from "./burn-down-panel.js";
import { Ledger } from "./ledger.js";
import { Meter, Swatch } from "./meter.js";

/** One budget: a bar with its numbers; opened, how it went down and what moved. */
export function BudgetLine({
  budget,
  holder,
  onSet,
}: {
  budget: WireBudget;
  holder: string;
  /** Absent: this person may not. */
  onSet?: () => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <div data-budget={budget.id}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-4 py-2.5 text-left hover:bg-well @4xl:grid-cols-[1rem_3rem_minmax(0,1fr)_9.5rem_8.5rem_8.5rem_8.5rem] pointer-coarse:min-h-14"
      >
        <ChevronRight size={14} aria-hidden className={`text-faint ${open ? "rotate-90" : ""}`} />
        <span className="hidden font-mono text-sm text-soft @4xl:block">{budget.currency}</span>
        <span className="min-w-0">
          {budget.allocated === null ? (
            <span className="text-sm text-faint">No budget: only policies limit</span>
          ) : (
            <Meter budget={budget} />
          )}
        </span>
        <Left budget={budget} />
        <span className="col-span-3 flex flex-wrap gap-x-4 text-sm text-soft @4xl:contents @4xl:text-base">
          <Figure name="Held">
            <Money value={budget.held} />
          </Figure>
          <Figure name="Spent">
            <Money value={budget.spent} />
          </Figure>
          <Figure name="Budget">
            {budget.allocated === null ? "none" : <Money value={budget.allocated} />}
          </Figure>
        </span>
      </button>
      {open && (
        <div className="space-y-4 border-t border-line bg-paper px-4 py-4">
          <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
            <BurnDownPanel budget={budget} holder={holder} />
            <Ledger budgetId={budget.id} />
          </div>
          {onSet && (
            <Button onClick={onSet}>
              {budget.allocated === null ? "Set budget…" : "Change budget…"}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** What a decision hinges on, so it stands first on the phone too. */
function Left({ budget }: { budget: WireBudget }) {
  const { available_minor: left, currency } = budget;
  if (left === null) {
    return <span className="text-right text-faint max-sm:sr-only">no limit</span>;
  }
  return (
    <span className="text-right whitespace-nowrap">
      <Money value={{ amount_minor: left, currency }} strong />
      <span className="text-faint @4xl:sr-only"> left</span>
    </span>
  );
}

/** A number with its name: beneath the head of its column at the desk, beside it on the phone. */
function Figure({ name, children }: { name: "Held" | "Spent" | "Budget"; children: ReactNode }) {
  return (
    <span className="whitespace-nowrap @4xl:text-right">
      <span className="text-faint @4xl:sr-only">
        <Swatch name={name} /> {name}{" "}
      </span>
      {children}
    </span>
  );
}
