import { LIMITS, type WireDecision, type WireRequest } from "@holdpoint/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, Clock, Undo2, X } from "lucide-react";
import { useId, useState } from "react";
import type { Contents } from "../encryption/contents.js";
import { useKeyRing } from "../encryption/key-ring-context.js";
import { usePlanned } from "../gate/use-planned.js";
import { usePriced } from "../purchases/use-priced.js";
import { explainError } from "../server/error.js";
import { canDecide, whoMayDecide } from "../session/permission.js";
import { type Session, useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { CopyButton } from "../ui/copy.js";
import { Modal } from "../ui/modal.js";
import { Notice } from "../ui/notice.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
import { conflictText } from "./batch.js";
import { UnseenConsent } from "./decide-dialog.js";
import { DiffView } from "./diff-view.js";
import type { ApprovalPlan } from "./draft.js";
import { requestQuery, sendDecision } from "./queries.js";
import { hasApproved, Quorum } from "./quorum.js";
import { ReasonField } from "./reasons.js";
import { outcomeText } from "./status.js";

export interface DecisionPanelProps {
  readonly request: WireRequest;
  readonly contents: Contents | undefined;
  readonly plan: ApprovalPlan | undefined;
  readonly onDiscard: (() => void) | undefined;
}

/** Where a request is decided, and where its answer stands afterwards. */
export function DecisionPanel(props: DecisionPanelProps) {
  const { request, plan } = props;
  const decide = useDecide(request);
  const lost = conflictText(decide.error);
  return (
    <section aria-label="Decision" className="rounded-md border border-line bg-panel">
      {lost !== undefined && (
        <div className="p-4 pb-0">
          <Notice tone="alert" title={lost}>
            Your answer was not taken. {plan?.kind === "edited" && "Your edits are kept below."}
          </Notice>
        </div>
      )}
      {request.status === "PENDING" ? (
        <Open {...props} decide={decide} />
      ) : (
        <Decided {...props} own={decide.isSuccess} />
      )}
    </section>
  );
}

type Answer =
  | { readonly kind: "approve"; readonly plan: ApprovalPlan | undefined; readonly note: string }
  | { readonly kind: "reject"; readonly reason: string };

function useDecide(request: WireRequest) {
  const { project } = useSession();
  const { ring } = useKeyRing();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (answer: Answer) => {
      const decision = await toDecision(request, answer, ring.keys);
      return sendDecision(project.id, request.id, decision);
    },
    onSuccess: (decided) =>
      client.setQueryData(requestQuery(project.id, request.id).queryKey, decided),
    onSettled: () => client.invalidateQueries({ queryKey: ["requests", project.id] }),
  });
}

type SealKeys = ReturnType<typeof useKeyRing>["ring"]["keys"];

/** Edits of an encrypted request are sealed here, before anything leaves the browser. */
async function toDecision(
  request: WireRequest,
  answer: Answer,
  keys: SealKeys,
): Promise<WireDecision> {
  const words = (answer.kind === "reject" ? answer.reason : answer.note).trim();
  const rest = { revision: request.revision, ...(words === "" ? {} : { reason: words }) };
  if (answer.kind === "reject") return { decision: "reject", ...rest };
  if (answer.plan?.kind === "blocked") throw new TypeError("An invalid edit cannot be approved.");
  if (answer.plan?.kind !== "edited") return { decision: "approve", ...rest };
  const { patch } = answer.plan;
  if (!request.encrypted) return { decision: "approve", ...rest, patched_payload: patch };
  const { sealPatch } = await import("../encryption/unseal.js");
  return { decision: "approve", ...rest, patched_payload: await sealPatch(request, patch, keys) };
}

type Decide = ReturnType<typeof useDecide>;

function Open({
  request,
  contents,
  plan,
  onDiscard,
  decide,
}: DecisionPanelProps & { decide: Decide }) {
  const { roles, operator } = useSession();
  const [rejecting, setRejecting] = useState(false);
  const [unseen, setUnseen] = useState(false);
  const [note, setNote] = useState<string>();
  const sealed = contents?.state === "sealed";
  const diff = plan === undefined || plan.kind === "as-sent" ? undefined : plan.diff;
  const priced = usePriced([request]);
  const planned = usePlanned([request]);
  const counted = hasApproved(request, operator.id);
  const ready =
    contents !== undefined &&
    priced &&
    planned &&
    plan?.kind !== "blocked" &&
    (!sealed || unseen) &&
    !decide.isPending &&
    !counted;
  if (!canDecide(roles, request.role)) return <NotYours request={request} />;
  return (
    <div className="space-y-3 p-4">
      <div className="flex items-baseline justify-between gap-2">
        <h2 className="eyebrow">Your decision</h2>
        <span className="text-sm text-soft">
          <Countdown until={request.expires_at} />
        </span>
      </div>
      <Quorum request={request} />
      {diff && diff.changes.length > 0 && (
        <div className="space-y-2">
          <section
            aria-label="Changes to approve"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            className="max-h-[45dvh] overflow-y-auto"
          >
            <DiffView changes={diff.changes} label="Your changes" />
          </section>
          {onDiscard && (
            <Button look="quiet" onClick={onDiscard}>
              <Undo2 size={14} aria-hidden /> Discard changes
            </Button>
          )}
        </div>
      )}
      {plan?.kind === "blocked" && <Issues plan={plan} />}
      {sealed && !counted && <UnseenConsent checked={unseen} onChange={setUnseen} />}
      {decide.error && conflictText(decide.error) === undefined && (
        <Notice tone="alert" title="That did not work">
          {explainError(decide.error)}
        </Notice>
      )}
      {note === undefined ? (
        <Button look="quiet" className="-ml-3" onClick={() => setNote("")}>
          Add a note for the agent
        </Button>
      ) : (
        <label className="block">
          <span className="font-semibold">Note for the agent</span>
          <textarea
            rows={2}
            maxLength={LIMITS.reasonLength}
            className="field mt-1"
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
        </label>
      )}
      <div className="flex flex-col gap-2">
        <Button
          look="primary"
          data-approve
          disabled={!ready}
          onClick={() => decide.mutate({ kind: "approve", plan, note: note ?? "" })}
        >
          <Check size={16} aria-hidden />
          {decide.isPending
            ? "Sending…"
            : counted
              ? "You have approved"
              : approveLabel(plan, sealed)}
        </Button>
        <Button data-reject disabled={decide.isPending} onClick={() => setRejecting(true)}>
          <X size={16} aria-hidden />
          Reject…
        </Button>
      </div>
      {rejecting && (
        <RejectDialog
          onClose={() => setRejecting(false)}
          onReject={(reason) => {
            setRejecting(false);
            decide.mutate({ kind: "reject", reason });
          }}
        />
      )}
    </div>
  );
}

function approveLabel(plan: ApprovalPlan | undefined, sealed: boolean): string {
  return sealed ? "Approve unseen" : (plan?.label ?? "Approve as sent");
}

function NotYours({ request }: { request: WireRequest }) {
  return (
    <div className="space-y-2 p-4">
      <h2 className="eyebrow">Decision</h2>
      <Quorum request={request} />
      <p className="flex items-center gap-2 font-semibold">
        <Clock size={16} aria-hidden /> Waiting for somebody else
      </p>
      <p className="text-soft">{whoMayDecide(request.role)}</p>
    </div>
  );
}

function Issues({ plan }: { plan: Extract<ApprovalPlan, { kind: "blocked" }> }) {
  return (
    <Notice tone="alert" title="This edit cannot be approved yet">
      <ul className="space-y-0.5">
        {plan.issues.slice(0, 8).map(({ path, message }) => (
          <li key={path + message}>
            {path !== "" && (
              <code className="mr-1.5 font-mono text-sm">
                <Text maxLength={120}>{path}</Text>
              </code>
            )}
            <Text maxLength={200}>{message}</Text>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function RejectDialog({
  onClose,
  onReject,
}: {
  onClose: () => void;
  onReject: (reason: string) => void;
}) {
  const [reason, setReason] = useState("");
  const form = useId();
  return (
    <Modal
      title="Reject request"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" type="submit" form={form}>
            Reject request
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          onReject(reason);
        }}
      >
        <ReasonField value={reason} onChange={setReason} autoFocus />
      </form>
    </Modal>
  );
}

function Decided({ request, contents, plan, own }: DecisionPanelProps & { own: boolean }) {
  const session = useSession();
  const diff = contents?.state === "readable" ? contents.diff : undefined;
  const kept = !own && plan?.kind === "edited" ? plan : undefined;
  return (
    <div className="space-y-3 p-4">
      <h2 className="eyebrow">Decision</h2>
      <p role="status" className="text-lg font-semibold">
        <Text>{outcomeText(request.status, actorOf(request, session))}</Text>
      </p>
      {request.resolved_at && (
        <p className="text-soft">
          <Age at={request.resolved_at} />
        </p>
      )}
      <Quorum request={request} />
      {request.reason && (
        <blockquote className="border-l-2 border-edge pl-3 whitespace-pre-wrap">
          <Text maxLength={4_000}>{request.reason}</Text>
        </blockquote>
      )}
      {diff && <DiffView changes={diff.changes} label="Approved changes" />}
      {request.status === "APPROVED_WITH_MODIFICATIONS" && contents?.state === "sealed" && (
        <p className="text-soft">The changes are encrypted. Load the key to read them.</p>
      )}
      {kept && <KeptEdits plan={kept} />}
    </div>
  );
}

/** Edits that lost a race: not applied, but not thrown away either. */
function KeptEdits({ plan }: { plan: Extract<ApprovalPlan, { kind: "edited" }> }) {
  return (
    <div className="space-y-2 border-t border-line pt-3">
      <h3 className="eyebrow">Your edits, not applied</h3>
      <DiffView changes={plan.diff.changes} label="Your edits, not applied" />
      <CopyButton text={JSON.stringify(plan.patch, null, 2)} label="Copy the edited payload" />
    </div>
  );
}

function actorOf({ decided_by: actor }: WireRequest, { operator }: Session) {
  return actor?.id === operator.id
    ? { ...actor, name: `${actor.name ?? operator.name} (you)` }
    : actor;
}
