import { SPEND_WINDOWS, type SpendWindow, type WireBudget } from "@holdpoint/protocol/spend";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { formatDigits } from "../money/format.js";
import { explainError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Segments } from "../ui/segments.js";
import { BURN_DOWN_DAYS, type BurnDownColumn, columnsOf, daysLeft } from "./burn-down.js";
import { BurnDownChart, dayName } from "./chart.js";
import { burnDownQuery } from "./queries.js";

const NAMES: Readonly<Record<SpendWindow, string>> = {
  day: "Days",
  week: "Weeks",
  month: "Months",
};

/** How a budget went down, by days, weeks or months. */
export function BurnDownPanel({ budget, holder }: { budget: WireBudget; holder: string }) {
  const { project } = useSession();
  const [window, setWindow] = useState<SpendWindow>("day");
  const query = useQuery(burnDownQuery(project.id, budget.id, BURN_DOWN_DAYS[window]));
  const points = query.data?.points ?? [];
  const columns = columnsOf(points, window);
  const lasts = daysLeft(points);
  const label = `Burn-down of ${holder} in ${budget.currency}, ${NAMES[window].toLowerCase()}`;
  return (
    <section aria-label="Burn-down" className="min-w-0 space-y-2">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="eyebrow mr-auto">Burn-down</h3>
        <Segments
          label="Window"
          value={window}
          options={SPEND_WINDOWS}
          nameOf={(each) => NAMES[each]}
          onChange={setWindow}
        />
      </header>
      {query.isPending && <p className="py-10 text-center text-faint">Loading…</p>}
      {query.isError && <p className="text-soft">{explainError(query.error)}</p>}
      {query.data && (
        <>
          <BurnDownChart columns={columns} currency={budget.currency} label={label} />
          {lasts !== undefined && (
            <p className="text-soft">
              At the pace of the last 7 days, what is left lasts{" "}
              <strong className="text-ink">{lasts === 1 ? "1 day" : `${lasts} days`}</strong>.
            </p>
          )}
          <Numbers columns={columns} currency={budget.currency} />
        </>
      )}
    </section>
  );
}

function Numbers({ columns, currency }: { columns: readonly BurnDownColumn[]; currency: string }) {
  const digits = (amount_minor: number) => formatDigits({ amount_minor, currency });
  const busy = columns.filter(
    ({ reservedMinor, spentMinor, refundedMinor }) =>
      reservedMinor + spentMinor + refundedMinor > 0,
  );
  if (busy.length === 0)
    return <p className="text-sm text-faint">Nothing was spent in this time.</p>;
  return (
    <details>
      <summary className="text-sm text-soft">Numbers</summary>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Numbers of the burn-down"
        className="mt-1 max-h-64 overflow-auto"
      >
        <table className="w-full text-right text-sm">
          <thead className="sticky top-0 bg-panel">
            <tr className="border-b border-line">
              {["From", "Reserved", "Spent", "Refunded", "Left"].map((name) => (
                <th key={name} scope="col" className="eyebrow py-1 pl-3 first:pl-0 first:text-left">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...busy].reverse().map((column) => (
              <tr key={column.at} className="border-b border-line last:border-0">
                <th scope="row" className="py-0.5 text-left font-normal whitespace-nowrap">
                  {dayName(column.at)}
                </th>
                <td className="pl-3">{digits(column.reservedMinor)}</td>
                <td className="pl-3">{digits(column.spentMinor)}</td>
                <td className="pl-3">{digits(column.refundedMinor)}</td>
                <td className="pl-3">
                  {column.availableMinor === null ? "–" : digits(column.availableMinor)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
