import type { WireDecision, WireRequest } from "@holdpoint/protocol";
import { useQueries } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useContents } from "../encryption/use-contents.js";
import { PlanSummary } from "../gate/plan-summary.js";
import { usePlanned } from "../gate/use-planned.js";
import { PurchaseSummary } from "../purchases/summary.js";
import { usePriced } from "../purchases/use-priced.js";
import { explainError } from "../server/error.js";
import { canDecide, whoMayDecide } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Modal } from "../ui/modal.js";
import { Notice } from "../ui/notice.js";
import { Text } from "../ui/text.js";
import { decideEach, type ItemResult } from "./batch.js";
import { PayloadPreview } from "./payload-preview.js";
import { PriorityMark } from "./priority.js";
import { requestQuery, sendDecision } from "./queries.js";
import { quorumText } from "./quorum.js";
import { ReasonField } from "./reasons.js";
import { outcomeText } from "./status.js";

/** Whether an encrypted payload could be opened here. */
type Sight = "readable" | "sealed";

export interface DecideDialogProps {
  readonly kind: "approve" | "reject";
  readonly requestIds: readonly string[];
  readonly onClose: () => void;
  /** Called with what was decided, before the dialog closes. */
  readonly onDecided: (requestIds: readonly string[]) => void;
}

/**
 * Confirms one decision or a batch with what will run in view. Each request is read afresh, and
 * the revision that was read is the one that is decided.
 */
export function DecideDialog({ kind, requestIds, onClose, onDecided }: DecideDialogProps) {
  const { project, roles } = useSession();
  const [reason, setReason] = useState("");
  const [sight, setSight] = useState<Readonly<Record<string, Sight>>>({});
  const [unseen, setUnseen] = useState(false);
  const [results, setResults] = useState<Readonly<Record<string, ItemResult>>>({});
  const [running, setRunning] = useState(false);

  const queries = useQueries({ queries: requestIds.map((id) => requestQuery(project.id, id)) });
  const loaded = queries.flatMap(({ data }) => (data ? [data] : []));
  const open = loaded.filter(
    ({ id, status, role }) =>
      status === "PENDING" && canDecide(roles, role) && results[id]?.state !== "done",
  );
  const complete = queries.every(({ data, isError }) => data !== undefined || isError);
  const blind = open.filter(({ id, encrypted }) => encrypted && sight[id] !== "readable");
  const sealed = kind === "approve" && blind.some(({ id }) => sight[id] === "sealed");
  // Until decryption has said one or the other, nothing can be approved.
  const undecided = kind === "approve" && blind.some(({ id }) => sight[id] === undefined);
  const priced = usePriced(kind === "approve" ? open : []);
  const planned = usePlanned(kind === "approve" ? open : []);
  const seen = !undecided && priced && planned && (!sealed || unseen);
  const ready = complete && open.length > 0 && !running && seen;
  const tried = Object.keys(results).length > 0;

  const decide = (request: WireRequest) => {
    const words = reason.trim() === "" ? {} : { reason: reason.trim() };
    const decision: WireDecision = { decision: kind, revision: request.revision, ...words };
    return sendDecision(project.id, request.id, decision);
  };
  const run = async () => {
    setRunning(true);
    const done: string[] = [];
    const failed: string[] = [];
    await decideEach(open, decide, (id, result) => {
      // One approval of several leaves it open: it stays where it is.
      if (result.state === "done" && result.request.status !== "PENDING") done.push(id);
      if (result.state === "failed") failed.push(id);
      setResults((before) => ({ ...before, [id]: result }));
    });
    setRunning(false);
    if (done.length > 0) onDecided(done);
    if (failed.length === 0) onClose();
  };

  const verb = kind === "approve" ? "Approve" : "Reject";
  const what = requestIds.length === 1 ? "request" : `${open.length} requests`;
  return (
    <Modal
      title={requestIds.length === 1 ? `${verb} request` : `${verb} ${requestIds.length} requests`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{tried && !running ? "Close" : "Cancel"}</Button>
          {(!tried || running || open.length > 0) && (
            <Button
              look={kind === "approve" ? "primary" : "danger"}
              // Focusable while it loads, so that Enter works the moment it is ready and not before.
              aria-disabled={!ready}
              data-autofocus={kind === "approve" ? "" : undefined}
              type="submit"
              form="decide"
            >
              {running ? "Deciding…" : `${verb} ${what}`}
            </Button>
          )}
        </>
      }
    >
      <form
        id="decide"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void run();
        }}
      >
        {tried && !running && (
          <p role="status" className="font-semibold">
            {summarize(results)}
          </p>
        )}
        {kind === "approve" && !tried && (
          <p className="text-soft">
            {requestIds.length === 1
              ? "This runs exactly as shown:"
              : "Each of these runs exactly as shown:"}
          </p>
        )}
        <ul className="space-y-3" aria-label="What will be decided">
          {requestIds.map((id, index) => (
            <DecideItem
              key={id}
              request={queries[index]?.data}
              error={queries[index]?.error}
              roles={roles}
              result={results[id]}
              showPayload={kind === "approve" || requestIds.length === 1}
              onSight={(seen) => setSight((before) => ({ ...before, [id]: seen }))}
            />
          ))}
        </ul>
        {sealed && <UnseenConsent checked={unseen} onChange={setUnseen} />}
        {kind === "reject" && <ReasonField value={reason} onChange={setReason} autoFocus />}
      </form>
    </Modal>
  );
}

/** `3 decided, 1 not`. */
function summarize(results: Readonly<Record<string, ItemResult>>): string {
  const states = Object.values(results).map(({ state }) => state);
  const done = states.filter((state) => state === "done").length;
  return `${done} decided, ${states.length - done} not`;
}

interface DecideItemProps {
  readonly request: WireRequest | undefined;
  readonly error: unknown;
  readonly roles: readonly string[];
  readonly result: ItemResult | undefined;
  readonly showPayload: boolean;
  readonly onSight: (sight: Sight) => void;
}

function DecideItem({ request, error, roles, result, showPayload, onSight }: DecideItemProps) {
  if (request === undefined) {
    return <li className="text-soft">{error ? explainError(error) : "Loading…"}</li>;
  }
  return (
    <li className="rounded border border-line">
      <div className="flex items-center gap-2 border-b border-line px-3 py-1.5">
        <PriorityMark priority={request.priority} />
        <span className="min-w-0 flex-1 truncate font-mono">
          <Text>{request.service}</Text>
          <span className="text-faint"> · </span>
          <strong>
            <Text>{request.action}</Text>
          </strong>
        </span>
        <span className="text-sm text-soft">
          <Text>{request.agent.name}</Text>
        </span>
      </div>
      <PurchaseSummary request={request} />
      <PlanSummary request={request} />
      {showPayload && (
        <div className="max-h-56 overflow-y-auto px-3 py-2">
          <PayloadPreview request={request} />
          <SightProbe request={request} onSight={onSight} />
        </div>
      )}
      <ItemState request={request} roles={roles} result={result} />
    </li>
  );
}

function ItemState({
  request,
  roles,
  result,
}: Pick<DecideItemProps, "roles" | "result"> & { request: WireRequest }) {
  const text = describeItem(request, roles, result);
  if (text === undefined) return null;
  const failed = result?.state === "failed";
  return (
    <p
      role={failed ? "alert" : "status"}
      className={`border-t border-line px-3 py-1.5 text-sm ${failed ? "bg-removed-wash text-removed" : "text-soft"}`}
    >
      {text}
    </p>
  );
}

function describeItem(
  request: WireRequest,
  roles: readonly string[],
  result: ItemResult | undefined,
): string | undefined {
  if (result?.state === "running") return "Deciding…";
  if (result?.state === "failed") return result.message;
  if (result?.state === "done") {
    return result.request.status === "PENDING"
      ? quorumText(result.request)
      : outcomeText(result.request.status, result.request.decided_by);
  }
  if (request.status !== "PENDING")
    return `Already decided: ${outcomeText(request.status, request.decided_by)}`;
  return canDecide(roles, request.role) ? undefined : whoMayDecide(request.role);
}

/** Tells the dialog whether an encrypted request can be read here. */
function SightProbe({
  request,
  onSight,
}: Pick<DecideItemProps, "onSight"> & { request: WireRequest }) {
  const sight = useContents(request)?.state;
  const tell = useRef(onSight);
  tell.current = onSight;
  useEffect(() => {
    if (sight !== undefined) tell.current(sight === "readable" ? "readable" : "sealed");
  }, [sight]);
  return null;
}

/** Approving what one cannot read takes a second, explicit yes. */
export function UnseenConsent({
  checked,
  onChange,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <Notice tone="alert" title="You cannot read what you are about to approve">
      <label className="mt-1 flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-accent"
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>I approve this without having seen the payload</span>
      </label>
    </Notice>
  );
}
