import type { SpendPolicy, WireSpendPolicy } from "@holdpoint/protocol/spend";
import { useQuery } from "@tanstack/react-query";
import { DiffView } from "../requests/diff-view.js";
import { explainError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { policyChanges } from "./editor.js";
import { type PolicyHolder, spendPolicyHistoryQuery } from "./queries.js";

/** Every revision there was, newest first: who, when, what changed, and a way back into the form. */
export function PolicyHistory({
  holder,
  onRestore,
}: {
  holder: PolicyHolder;
  onRestore: (policy: SpendPolicy) => void;
}) {
  const { project } = useSession();
  const query = useQuery(spendPolicyHistoryQuery(project.id, holder));
  const revisions = [...(query.data?.data ?? [])].sort((a, b) => b.revision - a.revision);
  if (query.isSuccess && revisions.length === 0) return null;
  return (
    <section aria-label="Revisions" className="rounded-md border border-line bg-panel">
      <h2 className="eyebrow border-b border-line px-4 py-2">Revisions</h2>
      {query.isPending && <p className="px-4 py-3 text-faint">Loading…</p>}
      {query.isError && <p className="px-4 py-3 text-soft">{explainError(query.error)}</p>}
      <ol className="divide-y divide-line">
        {revisions.map((revision, index) => (
          <Revision
            key={revision.id}
            revision={revision}
            before={revisions[index + 1]}
            newest={index === 0}
            onRestore={onRestore}
          />
        ))}
      </ol>
    </section>
  );
}

function Revision({
  revision,
  before,
  newest,
  onRestore,
}: {
  revision: WireSpendPolicy;
  before: WireSpendPolicy | undefined;
  newest: boolean;
  onRestore: (policy: SpendPolicy) => void;
}) {
  const { policy, created_at: at, created_by: by } = revision;
  const changes = policyChanges(before?.policy, policy);
  const what = policy === null ? "took the policy away" : describeCount(changes.length);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-2">
      <details className="min-w-0 flex-1">
        <summary>
          <strong>Revision {revision.revision}</strong>{" "}
          <span className="text-soft">
            <Text maxLength={100}>{by.name ?? by.id}</Text> {what}, <Age at={at} />
          </span>
        </summary>
        <div className="pt-2">
          <DiffView changes={changes} label={`What revision ${revision.revision} changed`} />
        </div>
      </details>
      {!newest && policy !== null && (
        <Button
          look="quiet"
          aria-label={`Restore into the form: revision ${revision.revision}`}
          onClick={() => {
            onRestore(policy);
            document.querySelector("#content")?.scrollTo({ top: 0 });
          }}
        >
          Restore into the form
        </Button>
      )}
    </li>
  );
}

function describeCount(changes: number): string {
  return changes === 1 ? "changed 1 thing" : `changed ${changes} things`;
}
