import type { JudgedOutcome, SpendPolicy, WireSpendPolicyTrial } from "@holdpoint/protocol/spend";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Money } from "../money/money.js";
import { CheckList } from "../purchases/checks.js";
import { explainError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { holderBody, type PolicyHolder, trySpendPolicy } from "./queries.js";

const DAYS = 90;

const OUTCOMES = {
  auto_approved: "Without a person",
  pending: "To a person",
  rejected: "Refused",
} as const satisfies Record<JudgedOutcome, string>;

/** What a draft would have made of the last purchases; beneath the act that arms it, its children. */
export function Trial({
  holder,
  draft,
  valid,
  children,
}: {
  holder: PolicyHolder;
  draft: SpendPolicy;
  valid: boolean;
  children: ReactNode;
}) {
  const { project } = useSession();
  const trial = useMutation({
    mutationFn: (policy: SpendPolicy) =>
      trySpendPolicy(project.id, { ...holderBody(holder), policy, days: DAYS }),
  });
  const stale = trial.variables !== undefined && trial.variables !== draft;
  return (
    <section
      aria-label="Try and arm"
      className="space-y-2 rounded-md border border-line bg-panel p-4"
    >
      <h2 className="eyebrow">Try it, then arm it</h2>
      <Button
        className="w-full"
        disabled={!valid || trial.isPending}
        onClick={() => trial.mutate(draft)}
      >
        {trial.isPending ? "Trying…" : `Try against the last ${DAYS} days`}
      </Button>
      {children}
      {trial.isError && <p role="alert">{explainError(trial.error)}</p>}
      {trial.data && (
        <div className={stale ? "opacity-60" : ""}>
          {stale && <p className="font-semibold">The draft has changed since. Try it again.</p>}
          <Result trial={trial.data} />
        </div>
      )}
    </section>
  );
}

function Result({ trial }: { trial: WireSpendPolicyTrial }) {
  const { purchases, before, after, changed, truncated } = trial;
  if (purchases === 0) {
    return (
      <p role="status" className="text-soft">
        There were no purchases to try it on.
      </p>
    );
  }
  return (
    <div role="status" className="space-y-2">
      <table className="w-full text-right">
        <caption className="text-left text-sm text-soft">
          {purchases === 1 ? "1 purchase" : `${purchases} purchases`}
          {truncated && ", the newest"}
        </caption>
        <thead>
          <tr className="border-b border-line">
            <th scope="col" className="eyebrow py-1 text-left">
              Outcome
            </th>
            <th scope="col" className="eyebrow">
              Was
            </th>
            <th scope="col" className="eyebrow">
              Would be
            </th>
          </tr>
        </thead>
        <tbody>
          {(Object.keys(OUTCOMES) as JudgedOutcome[]).map((outcome) => (
            <tr key={outcome} className="border-b border-line last:border-0">
              <th scope="row" className="py-0.5 text-left font-normal">
                {OUTCOMES[outcome]}
              </th>
              <td>{before[outcome]}</td>
              <td className={before[outcome] === after[outcome] ? "" : "font-semibold text-accent"}>
                {after[outcome]}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {changed.length === 0 ? (
        <p className="text-soft">Nothing would have ended otherwise.</p>
      ) : (
        <details open={changed.length <= 5}>
          <summary className="text-soft">
            {changed.length === 1 ? "1 would" : `${changed.length} would`} have ended otherwise
          </summary>
          <ul className="mt-1 divide-y divide-line" aria-label="What would have changed">
            {changed.map((each) => (
              <Changed key={each.id} changed={each} />
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Changed({ changed }: { changed: WireSpendPolicyTrial["changed"][number] }) {
  const { id, at, amount, category, merchant_name: merchant, before, after, checks } = changed;
  return (
    <li className="space-y-1 py-2">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <Money value={amount} strong />
        <Link
          to="/requests/$requestId"
          params={{ requestId: id }}
          className="min-w-0 text-accent underline"
        >
          <Text maxLength={100}>{merchant ?? category}</Text>
        </Link>
        <span className="ml-auto text-sm text-faint">
          <Age at={at} />
        </span>
      </p>
      <p className="text-sm">
        <span className="text-soft">{OUTCOMES[before]}</span> → <strong>{OUTCOMES[after]}</strong>
      </p>
      <CheckList checks={checks} label="The checks that decide it" />
    </li>
  );
}
