import type { WireRequest } from "@holdpoint/protocol";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { CopyIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useContents } from "../encryption/use-contents.js";
import { ExecutionPanel } from "../executions/panel.js";
import { PlanPanel } from "../gate/plan-panel.js";
import { PurchasePanel } from "../purchases/panel.js";
import { isServerError } from "../server/error.js";
import { useSession } from "../session/session.js";
import { BackLink } from "../ui/back-link.js";
import { IconButton } from "../ui/button.js";
import { EmptyState, ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { useTitle } from "../ui/title.js";
import { DecisionPanel } from "./decision-panel.js";
import type { Draft } from "./draft.js";
import { EventList } from "./event-list.js";
import { Facts } from "./facts.js";
import { pageCommand } from "./keyboard.js";
import { KeyboardHelp } from "./keyboard-help.js";
import { PayloadPanel } from "./payload-panel.js";
import { PriorityMark } from "./priority.js";
import { requestQuery } from "./queries.js";
import { useApprovalPlan } from "./use-approval-plan.js";
import { WitnessNotice } from "./witness-notice.js";

/** `/requests/:id`: one request, whole. */
export function RequestPage({ requestId, edit }: { requestId: string; edit: boolean }) {
  const { project } = useSession();
  const query = useQuery(requestQuery(project.id, requestId));
  if (query.data) return <RequestView key={requestId} request={query.data} edit={edit} />;
  if (query.isPending) return <LoadingState what="the request" />;
  if (isServerError(query.error, "REQUEST_NOT_FOUND"))
    return <NoSuchRequest requestId={requestId} />;
  return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
}

function NoSuchRequest({ requestId }: { requestId: string }) {
  const { project } = useSession();
  useTitle("No such request");
  return (
    <EmptyState title="No such request">
      <p>
        <code className="font-mono">
          <Text maxLength={60}>{requestId}</Text>
        </code>{" "}
        is not in the project {project.name}. The link may be cut short, or belong to another
        project.
      </p>
      <Link to="/" className="text-accent underline">
        To the inbox
      </Link>
    </EmptyState>
  );
}

function RequestView({ request, edit }: { request: WireRequest; edit: boolean }) {
  const contents = useContents(request);
  const [draft, setDraft] = useState<Draft>();
  const [helping, setHelping] = useState(false);
  const plan = useApprovalPlan(request, contents, draft);
  const payloadPanel = useRef<HTMLElement>(null);
  useTitle(`${request.service} ${request.action}`);
  usePageKeys({ payloadPanel, onHelp: () => setHelping(true) });
  useFocusOnEdit(edit && contents !== undefined, payloadPanel);

  return (
    <div className="mx-auto w-full max-w-6xl">
      <RequestHeader request={request} />
      <div className="grid gap-4 px-3 pb-8 sm:px-4 lg:grid-cols-[minmax(0,1fr)_24rem] lg:items-start">
        <div className="min-w-0 space-y-4">
          <PurchasePanel request={request} contents={contents} plan={plan} />
          <PlanPanel request={request} contents={contents} plan={plan} />
          <Facts request={request} />
          <WitnessNotice request={request} />
          <PayloadPanel
            ref={payloadPanel}
            request={request}
            contents={contents}
            draft={draft}
            plan={plan}
            onDraft={setDraft}
          />
        </div>
        <div className="min-w-0 space-y-4 lg:sticky lg:top-4">
          <DecisionPanel
            request={request}
            contents={contents}
            plan={plan}
            onDiscard={draft === undefined ? undefined : () => setDraft(undefined)}
          />
          <ExecutionPanel request={request} />
          <EventList requestId={request.id} />
        </div>
      </div>
      {helping && <KeyboardHelp onClose={() => setHelping(false)} />}
    </div>
  );
}

function RequestHeader({ request }: { request: WireRequest }) {
  const copyId = () => void navigator.clipboard.writeText(request.id).catch(() => undefined);
  return (
    <header className="flex items-start gap-2 px-3 py-4 sm:px-4">
      <BackLink to="/" label="Back to the inbox" shortcut="u" />
      <div className="min-w-0 flex-1">
        <h1 className="font-mono text-xl leading-tight font-semibold">
          <Text>{request.action}</Text>
        </h1>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-soft">
          <span className="font-mono">
            <Text>{request.service}</Text>
          </span>
          <span aria-hidden>·</span>
          <PriorityMark priority={request.priority} named />
          <span aria-hidden className="max-sm:hidden">
            ·
          </span>
          <span className="flex min-w-0 items-center max-sm:hidden">
            <code className="truncate font-mono text-xs text-faint">{request.id}</code>
            <IconButton label="Copy the request's id" onClick={copyId}>
              <CopyIcon size={12} aria-hidden />
            </IconButton>
          </span>
        </p>
      </div>
    </header>
  );
}

function useFocusOnEdit(when: boolean, panel: React.RefObject<HTMLElement | null>): void {
  const done = useRef(false);
  useEffect(() => {
    if (!when || done.current) return;
    done.current = true;
    focusFirstField(panel.current);
  }, [when, panel]);
}

/** Focuses the first field, or presses the button that brings fields up. */
function focusFirstField(panel: HTMLElement | null): void {
  const field = panel?.querySelector<HTMLElement>(
    "input:not([readonly]):not(:disabled), textarea:not([readonly]), select:not(:disabled)",
  );
  if (field) field.focus();
  else panel?.querySelector<HTMLElement>("[data-edit]")?.click();
}

function usePageKeys({
  payloadPanel,
  onHelp,
}: {
  payloadPanel: React.RefObject<HTMLElement | null>;
  onHelp: () => void;
}): void {
  const navigate = useNavigate();
  const obey = (event: KeyboardEvent) => {
    const command = pageCommand(event);
    if (command === undefined) return;
    event.preventDefault();
    if (command === "back") void navigate({ to: "/" });
    if (command === "help") onHelp();
    if (command === "edit") focusFirstField(payloadPanel.current);
    // A letter only brings the button under the finger; Enter presses it.
    if (command === "approve") document.querySelector<HTMLElement>("[data-approve]")?.focus();
    if (command === "reject") document.querySelector<HTMLElement>("[data-reject]")?.click();
  };
  const latest = useRef(obey);
  latest.current = obey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
