import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { costText } from "../gate/manifest-facts.js";
import { ReachText } from "../gate/reach-text.js";
import { PriorityMark } from "../requests/priority.js";
import { useSession } from "../session/session.js";
import { Chip } from "../ui/chip.js";
import { CopyBlock } from "../ui/copy.js";
import { Rows } from "../ui/page.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { useTitle } from "../ui/title.js";
import { actionsQuery, type RegisteredAction } from "./queries.js";

/** `/actions`: what the gate can run for agents. */
export function ActionsPage() {
  const { project } = useSession();
  const query = useQuery(actionsQuery(project.id));
  const actions = query.data?.data ?? [];
  useTitle("Actions");
  if (query.isPending) return <LoadingState what="actions" />;
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (actions.length === 0) return <FirstAction />;
  return (
    <>
      <p className="mb-3 max-w-2xl text-soft">
        What the gate runs for agents, with credentials they never see. Only what is listed here can
        be run, and only as its manifest says.
      </p>
      <Rows label="Actions">
        {actions.map((action) => (
          <ActionRow key={action.id} action={action} />
        ))}
      </Rows>
    </>
  );
}

function ActionRow({ action }: { action: RegisteredAction }) {
  const { id, title, version, risk, approval, cost, registration } = action;
  const { manifest, calls, last_called_at: last } = registration;
  return (
    <li className="relative grid gap-x-4 gap-y-0.5 px-4 py-2.5 hover:bg-well sm:grid-cols-[minmax(0,1fr)_auto]">
      <span className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
        <PriorityMark priority={risk} />
        <Link
          to="/actions/$actionId"
          params={{ actionId: id }}
          className="font-semibold outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <Text maxLength={100}>{title}</Text>
        </Link>
        <code className="font-mono text-sm text-soft">
          {id} {version}
        </code>
        {approval === "always" && <Chip>always asks</Chip>}
        {approval === "never" && <Chip>never asks</Chip>}
        {cost !== undefined && <Chip>costs {costText(manifest)}</Chip>}
      </span>
      <span className="text-sm text-soft sm:text-right">
        {calls === 0 ? (
          "never called"
        ) : (
          <>
            {calls === 1 ? "1 call" : `${calls} calls`}
            {last !== undefined && (
              <>
                {", "}
                <Age at={last} />
              </>
            )}
          </>
        )}
      </span>
      <span className="min-w-0 text-sm sm:col-span-2">
        <ReachText manifest={manifest} />
      </span>
    </li>
  );
}

function FirstAction() {
  return (
    <EmptyState title="No actions yet">
      <p>
        An action is what an agent may have done without holding the key: a manifest says where it
        goes, which secret is put in, and how one sees that it worked. Add one that we ship, or your
        own:
      </p>
      <CopyBlock label="terminal" text="holdpoint actions add github-issue" />
    </EmptyState>
  );
}
