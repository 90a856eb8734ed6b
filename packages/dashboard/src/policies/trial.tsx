import { POLICY_VERDICTS } from "@holdpoint/protocol";
import type { WirePolicyChange, WirePolicyTrial } from "@holdpoint/protocol/policy";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { explainError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { tryPolicy } from "./queries.js";
import { verdictName } from "./verdicts.js";

/** What a text would have said of the last requests. */
export function Trial({ text, isValid }: { text: string; isValid: boolean }) {
  const { project } = useSession();
  const trial = useMutation({ mutationFn: (tried: string) => tryPolicy(project.id, tried) });
  const isStale = trial.variables !== undefined && trial.variables !== text;
  return (
    <section aria-label="Trial" className="space-y-2 rounded-md border border-line bg-panel p-4">
      <h2 className="eyebrow">Against what has been</h2>
      <Button
        className="w-full"
        disabled={!isValid || trial.isPending}
        onClick={() => trial.mutate(text)}
      >
        {trial.isPending ? "Trying…" : "Try against past requests"}
      </Button>
      {trial.isError && <p role="alert">{explainError(trial.error)}</p>}
      {trial.data && (
        <div className={isStale ? "opacity-60" : ""}>
          {isStale && <p className="font-semibold">The text has changed since. Try it again.</p>}
          <Result trial={trial.data} />
        </div>
      )}
    </section>
  );
}

function Result({ trial: { tried, verdicts, changed } }: { trial: WirePolicyTrial }) {
  if (tried === 0) {
    return (
      <p role="status" className="text-soft">
        There were no requests to try it on.
      </p>
    );
  }
  return (
    <div role="status" className="space-y-2">
      <table className="w-full">
        <caption className="text-left text-sm text-soft">
          {tried === 1 ? "Of the last request" : `Of the last ${tried} requests`}
        </caption>
        <tbody>
          {POLICY_VERDICTS.map((verdict) => (
            <tr key={verdict} className="border-b border-line last:border-0">
              <th scope="row" className="py-0.5 text-left font-normal">
                {verdictName(verdict)}
              </th>
              <td className="text-right font-semibold">{verdicts[verdict] ?? 0}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {changed.length === 0 ? (
        <p className="text-soft">Nothing would be judged otherwise than now.</p>
      ) : (
        <details open={changed.length <= 5}>
          <summary className="text-soft">
            {changed.length === 1 ? "1 would" : `${changed.length} would`} be judged otherwise
          </summary>
          <ul aria-label="What would be judged otherwise" className="mt-1 divide-y divide-line">
            {changed.map((change) => (
              <Changed key={change.request_id} change={change} />
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Changed({ change }: { change: WirePolicyChange }) {
  const { request_id: id, service, action, agent, created_at: at } = change;
  return (
    <li className="py-1.5">
      <p className="flex items-baseline gap-x-2">
        <Link
          to="/requests/$requestId"
          params={{ requestId: id }}
          className="min-w-0 font-mono text-sm text-accent underline"
        >
          <Text maxLength={100}>{`${service} ${action}`}</Text>
        </Link>
        <span className="ml-auto text-sm text-faint">
          <Text maxLength={60}>{agent.name}</Text>, <Age at={at} />
        </span>
      </p>
      <p className="text-sm">
        <span className="text-soft">{verdictName(change.was)}</span> →{" "}
        <strong>{verdictName(change.would_be)}</strong>
        {change.policies.length > 0 && (
          <span className="text-soft">
            {" "}
            by{" "}
            <span className="font-mono">
              <Text maxLength={200}>{change.policies.join(", ")}</Text>
            </span>
          </span>
        )}
      </p>
    </li>
  );
}
