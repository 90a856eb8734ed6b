import type { WirePolicy } from "@holdpoint/protocol/policy";
import type { WirePolicySuggestion } from "@holdpoint/protocol/shield";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Notice } from "../ui/notice.js";
import { ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { useTitle } from "../ui/title.js";
import { PolicyEditor } from "./editor.js";
import { PolicyHistory } from "./history.js";
import { policiesQuery, policySuggestionsQuery } from "./queries.js";
import { findSuggestion, type SuggestionSearch } from "./suggestion-search.js";
import { SuggestedNotice, Suggestions } from "./suggestions.js";

/** `/policies`: the project's policy, written, tried, put in force, and how it came to be. */
export function PoliciesPage({
  suggested,
  onEnforced,
}: {
  /** The suggestion to begin with, where the address names one. */
  suggested: SuggestionSearch;
  onEnforced: () => void;
}) {
  const { project } = useSession();
  const query = useInfiniteQuery(policiesQuery(project.id));
  const isSuggested = suggested.action !== undefined;
  const suggestions = useQuery({ ...policySuggestionsQuery(project.id), enabled: isSuggested });
  useTitle("Policy");
  if (query.isPending || (isSuggested && suggestions.isPending)) {
    return <LoadingState what="the policy" />;
  }
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const revisions = query.data.pages.flatMap(({ data }) => data);
  const suggestion = findSuggestion(suggestions.data?.data ?? [], suggested);
  return (
    <Workbench
      key={project.id}
      revisions={revisions}
      pages={query}
      suggestion={suggestion}
      isGone={isSuggested && suggestion === undefined}
      onEnforced={onEnforced}
    />
  );
}

/** A text in the making, and the revision it was made from. */
interface Draft {
  readonly text: string;
  readonly base: number;
}

function Workbench({
  revisions,
  pages,
  suggestion,
  isGone,
  onEnforced,
}: {
  revisions: readonly WirePolicy[];
  pages: Parameters<typeof PolicyHistory>[0]["pages"];
  suggestion: WirePolicySuggestion | undefined;
  /** The address names a suggestion that does not stand any more. */
  isGone: boolean;
  onEnforced: () => void;
}) {
  const [current] = revisions;
  const [draft, setDraft] = useState<Draft>(
    suggestion === undefined
      ? draftOf(current)
      : { text: suggestion.text, base: suggestion.base_revision },
  );
  const write = (text: string) => setDraft((before) => ({ ...before, text }));
  return (
    <div className="space-y-4">
      <InForce current={current} />
      {suggestion !== undefined && <SuggestedNotice suggestion={suggestion} />}
      {isGone && (
        <Notice title="This suggestion does not stand any more">
          Somebody has answered otherwise since, or the policy lets it through already.
        </Notice>
      )}
      {suggestion === undefined && <Suggestions />}
      {current !== undefined && current.revision !== draft.base && (
        <Notice tone="alert" title={`Revision ${current.revision} was put in force meanwhile`}>
          <p>
            By <Text maxLength={100}>{current.created_by.name ?? current.created_by.id}</Text>. Your
            text was made from {draft.base === 0 ? "no policy at all" : `revision ${draft.base}`}.
          </p>
          <Button className="mt-2" onClick={() => setDraft(draftOf(current))}>
            Give mine up and load it
          </Button>
        </Notice>
      )}
      <PolicyEditor
        text={draft.text}
        base={draft.base}
        current={current}
        onText={write}
        onEnforced={(policy) => {
          setDraft(draftOf(policy));
          onEnforced();
        }}
      />
      <PolicyHistory revisions={revisions} pages={pages} onRestore={write} />
    </div>
  );
}

function draftOf(policy: WirePolicy | undefined): Draft {
  return { text: policy?.text ?? "", base: policy?.revision ?? 0 };
}

function InForce({ current }: { current: WirePolicy | undefined }) {
  if (current === undefined || current.text.trim() === "") {
    return (
      <p className="text-soft">
        No policy is in force: a person is asked for everything, and the gate denies every call.
      </p>
    );
  }
  return (
    <p className="text-soft">
      <strong className="text-ink">Revision {current.revision} is in force</strong>, set{" "}
      <Age at={current.created_at} /> by{" "}
      <Text maxLength={100}>{current.created_by.name ?? current.created_by.id}</Text>. It judges
      everything agents ask for, buy and run.
    </p>
  );
}
