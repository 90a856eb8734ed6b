import type { WirePolicySuggestion } from "@holdpoint/protocol/shield";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Lightbulb } from "lucide-react";
import { useSession } from "../session/session.js";
import { count } from "../shield/words.js";
import { Button } from "../ui/button.js";
import { Text } from "../ui/text.js";
import { usePutOff } from "./put-off.js";
import { policySuggestionsQuery } from "./queries.js";
import { searchOf } from "./suggestion-search.js";

/** As many are read; with more, nobody reads one. */
const MOST_SHOWN = 3;

/**
 * What people have always approved, in one line each, with a way to the editor. Quiet: nothing is there
 * while it loads, where there is nothing to say, or where it cannot be had.
 */
export function Suggestions({ most = MOST_SHOWN }: { most?: number }) {
  const { project } = useSession();
  const query = useQuery(policySuggestionsQuery(project.id));
  const [putOff, put] = usePutOff();
  const left = (query.data?.data ?? []).filter(({ statement }) => !putOff.has(statement));
  if (left.length === 0) return null;
  return (
    <ul
      aria-label="Suggestions for the policy"
      className="divide-y divide-line rounded-md border border-line bg-well"
    >
      {left.slice(0, most).map((suggestion) => (
        <Suggestion
          key={suggestion.statement}
          suggestion={suggestion}
          onPutOff={() => put(suggestion.statement)}
        />
      ))}
    </ul>
  );
}

function Suggestion({
  suggestion,
  onPutOff,
}: {
  suggestion: WirePolicySuggestion;
  onPutOff: () => void;
}) {
  const { service, action, agent, approved } = suggestion;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
      <p className="min-w-0 flex-1 basis-72">
        <Lightbulb size={14} aria-hidden className="mr-1.5 inline align-[-2px] text-soft" />
        {`${count(approved)} of ${count(approved)} times people approved `}
        <span className="font-mono text-sm font-semibold">
          <Text maxLength={100}>{`${service} ${action}`}</Text>
        </span>
        {" by "}
        <Text maxLength={100}>{agent.name}</Text>. Make it a policy?
      </p>
      <Button look="quiet" aria-label={`Not now: ${service} ${action}`} onClick={onPutOff}>
        Not now
      </Button>
      <Link
        to="/policies"
        search={searchOf(suggestion)}
        className="inline-flex min-h-8 items-center rounded border border-edge bg-panel px-3 py-1 hover:bg-paper pointer-coarse:min-h-11"
      >
        Look at it
      </Link>
    </li>
  );
}

/** Above the editor with the suggested text: what it stands on, and what it would have let through. */
export function SuggestedNotice({ suggestion }: { suggestion: WirePolicySuggestion }) {
  const { service, action, agent, approved, replay, statement } = suggestion;
  const { tried, allowed, against_people: against } = replay;
  return (
    <section
      aria-label="Suggestion"
      className="space-y-2 rounded-md border border-line bg-well px-4 py-3"
    >
      <p>
        <strong>
          The text below is a suggestion. Nothing of it is in force until you put it in force.
        </strong>
      </p>
      <p className="text-soft">
        In 30 days people approved{" "}
        <span className="font-mono text-sm">
          <Text maxLength={100}>{`${service} ${action}`}</Text>
        </span>{" "}
        by <Text maxLength={100}>{agent.name}</Text> {count(approved)} of {count(approved)} times,
        none with changes. This statement would let it through without asking:
      </p>
      <pre className="overflow-x-auto rounded border border-line bg-panel px-3 py-2 font-mono text-sm whitespace-pre-wrap">
        <Text maxLength={2_000}>{statement}</Text>
      </pre>
      <p className="text-soft">
        Of {count(tried)} past requests the text would have let {count(allowed)} through that waited
        for a person.{" "}
        <strong className={against > 0 ? "text-removed" : "text-ink"}>
          {against === 0
            ? "People had rejected or changed none of these."
            : `People had rejected or changed ${count(against)} of these.`}
        </strong>
      </p>
    </section>
  );
}
