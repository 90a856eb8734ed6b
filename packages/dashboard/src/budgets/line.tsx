import type { WireBudget } from "@holdpoint/protocol/spend";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Money } from "../money/money.js";
import { Button } from "../ui/button.js";
import { BurnDownPanel } from "./burn-down-panel.js";
import { Ledger } from "./ledger.js";
import { Meter } from "./meter.js";

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
        className="grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-4 py-2.5 text-left hover:bg-well sm:grid-cols-[1rem_3.5rem_minmax(0,1fr)_8rem_8rem_8rem_8rem] pointer-coarse:min-h-14"
      >
        <ChevronRight size={14} aria-hidden className={`text-faint ${open ? "rotate-90" : ""}`} />
        <span className="font-mono text-sm text-soft max-sm:hidden">{budget.currency}</span>
        <span className="min-w-0">
          {budget.allocated === null ? (
            <span className="text-sm text-faint">No budget: only policies limit</span>
          ) : (
            <Meter budget={budget} />
          )}
        </span>
        <Figure name="Left" strong>
          {budget.available_minor === null ? (
            <span className="font-normal text-faint">–</span>
          ) : (
            <Money
              value={{ amount_minor: budget.available_minor, currency: budget.currency }}
              strong
            />
          )}
        </Figure>
        <span className="col-start-2 flex flex-wrap gap-x-4 text-sm text-soft sm:contents sm:text-base max-sm:col-span-2">
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

/** A number with its name: beneath the head of its column at the desk, beside it on the phone. */
function Figure({
  name,
  strong = false,
  children,
}: {
  name: string;
  strong?: boolean;
  children: React.ReactNode;
}) {
  return (
    <span className={`text-right whitespace-nowrap ${strong ? "font-semibold" : ""}`}>
      <span className={`text-faint ${strong ? "sr-only" : "sm:sr-only"}`}>{name} </span>
      {children}
      {strong && <span className="font-normal text-faint sm:hidden"> left</span>}
    </span>
  );
}
