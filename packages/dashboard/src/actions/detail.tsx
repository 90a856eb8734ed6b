import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Digest } from "../gate/digest.js";
import { ManifestFacts } from "../gate/manifest-facts.js";
import { PriorityMark } from "../requests/priority.js";
import { ReceiptButton } from "../requests/receipt-button.js";
import { isServerError } from "../server/error.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { BackLink } from "../ui/back-link.js";
import { Button } from "../ui/button.js";
import { Chip } from "../ui/chip.js";
import { ConfirmDialog } from "../ui/confirm.js";
import { CopyBlock } from "../ui/copy.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { useTitle } from "../ui/title.js";
import {
  actionsQuery,
  actionVersionsQuery,
  type RegisteredAction,
  withdrawAction,
} from "./queries.js";

/** `/actions/:id`: one action with all its versions. */
export function ActionDetail({ actionId }: { actionId: string }) {
  const { project } = useSession();
  const query = useQuery(actionVersionsQuery(project.id, actionId));
  const [newest] = query.data?.data ?? [];
  useTitle(newest?.title ?? "Action");
  if (query.isPending) return <LoadingState what="the action" />;
  if (isServerError(query.error, "ACTION_NOT_FOUND") || (query.data && newest === undefined)) {
    return <NoSuchAction actionId={actionId} />;
  }
  if (newest === undefined) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <div className="space-y-4">
      <ActionHeader action={newest} />
      <section aria-label="What it does" className="rounded-md border border-line bg-panel p-4">
        <p className="mb-3 max-w-3xl whitespace-pre-wrap">
          <Text maxLength={2_000}>{newest.description}</Text>
        </p>
        <ManifestFacts manifest={newest.registration.manifest} />
      </section>
      <CopyBlock label="manifest" text={JSON.stringify(newest.registration.manifest, null, 2)} />
      <Versions versions={query.data?.data ?? []} />
    </div>
  );
}

function NoSuchAction({ actionId }: { actionId: string }) {
  return (
    <EmptyState title="No such action">
      <p>
        <code className="font-mono">
          <Text maxLength={64}>{actionId}</Text>
        </code>{" "}
        is not registered in this project.
      </p>
      <Link to="/actions" className="text-accent underline">
        To the actions
      </Link>
    </EmptyState>
  );
}

function ActionHeader({ action }: { action: RegisteredAction }) {
  const { id, title, version, digest, risk, registration } = action;
  const { roles } = useSession();
  const withdrawn = registration.withdrawn_at;
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <BackLink to="/actions" label="Back to the actions" />
      <div className="min-w-0 flex-1 basis-56">
        <h2 className="text-lg leading-tight font-semibold">
          <Text maxLength={100}>{title}</Text>
        </h2>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2.5 text-soft">
          <code className="font-mono">
            {id} {version}
          </code>
          <PriorityMark priority={risk} named />
          <Digest value={digest} />
          {withdrawn !== undefined && <Chip strong>withdrawn</Chip>}
        </p>
      </div>
      <Link
        to="/history"
        search={{ service: "gate", action: id }}
        className="flex min-h-8 items-center text-accent underline pointer-coarse:min-h-11"
      >
        Calls
      </Link>
      {canAdminister(roles) && withdrawn === undefined && <Withdraw action={action} />}
    </header>
  );
}

function Withdraw({ action: { id, title } }: { action: RegisteredAction }) {
  const { project } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const withdraw = async () => {
    await withdrawAction(project.id, id);
    // Invalidating leaves a list that is not on screen as it is, and the way leads to it.
    client.removeQueries(actionsQuery(project.id));
    await client.invalidateQueries({ queryKey: ["requests", project.id] });
    await navigate({ to: "/actions" });
  };
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        Withdraw…
      </Button>
      {asking && (
        <ConfirmDialog
          title="Withdraw action"
          text={`No agent can run “${title}” any more, in any version, and calls that wait for a person will not run either. To bring it back, register another version.`}
          action="Withdraw action"
          onConfirm={withdraw}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function Versions({ versions }: { versions: readonly RegisteredAction[] }) {
  return (
    <section aria-label="Versions" className="rounded-md border border-line bg-panel">
      <h2 className="eyebrow border-b border-line px-4 py-2">Versions</h2>
      <ol className="divide-y divide-line">
        {versions.map(({ version, digest, registration }) => (
          <li key={digest} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
            <code className="font-mono font-semibold">{version}</code>
            <Digest value={digest} />
            <span className="text-soft">
              registered <Age at={registration.registered_at} /> by{" "}
              <Text maxLength={100}>
                {registration.registered_by.name ?? registration.registered_by.id}
              </Text>
            </span>
            {registration.withdrawn_at !== undefined && (
              <span className="text-faint">
                withdrawn <Age at={registration.withdrawn_at} />
              </span>
            )}
            <span className="ml-auto">
              <ReceiptButton receiptId={registration.receipt_id} name={`${version} registered`} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
