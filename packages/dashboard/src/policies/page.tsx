import type { WirePolicy } from "@holdpoint/protocol/policy";
import { useInfiniteQuery } from "@tanstack/react-query";
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
import { policiesQuery } from "./queries.js";

/** `/policies`: the project's policy, written, tried, put in force, and how it came to be. */
export function PoliciesPage() {
  const { project } = useSession();
  const query = useInfiniteQuery(policiesQuery(project.id));
  useTitle("Policy");
  if (query.isPending) return <LoadingState what="the policy" />;
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const revisions = query.data.pages.flatMap(({ data }) => data);
  return <Workbench key={project.id} revisions={revisions} pages={query} />;
}

/** A text in the making, and the revision it was made from. */
interface Draft {
  readonly text: string;
  readonly base: number;
}

function Workbench({
  revisions,
  pages,
}: {
  revisions: readonly WirePolicy[];
  pages: Parameters<typeof PolicyHistory>[0]["pages"];
}) {
  const [current] = revisions;
  const [draft, setDraft] = useState<Draft>(draftOf(current));
  const write = (text: string) => setDraft((before) => ({ ...before, text }));
  return (
    <div className="space-y-4">
      <InForce current={current} />
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
        onEnforced={(policy) => setDraft(draftOf(policy))}
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
