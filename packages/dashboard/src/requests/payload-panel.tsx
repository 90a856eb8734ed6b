import { isJsonObject, type WireRequest } from "@holdpoint/protocol";
import { LockOpen } from "lucide-react";
import { Component, lazy, type ReactNode, type Ref, Suspense, useState } from "react";
import { type Contents, explainFault } from "../encryption/contents.js";
import { KeyDialog } from "../encryption/key-dialog.js";
import { useKeyRing } from "../encryption/key-ring-context.js";
import { hasInexactNumber } from "../server/json.js";
import { canDecide } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Chip } from "../ui/chip.js";
import { JsonTree } from "../ui/json-tree.js";
import { Notice } from "../ui/notice.js";
import { LoadingState } from "../ui/state.js";
import { Age } from "../ui/time.js";
import type { ApprovalPlan, Draft } from "./draft.js";
import { JsonEditor } from "./json-editor.js";

const PayloadForm = lazy(() =>
  import("./form/form.js").then((module) => ({ default: module.PayloadForm })),
);

type View = "form" | "tree" | "json";

export interface PayloadPanelProps {
  readonly request: WireRequest;
  readonly contents: Contents | undefined;
  readonly draft: Draft | undefined;
  readonly plan: ApprovalPlan | undefined;
  readonly onDraft: (draft: Draft | undefined) => void;
  readonly ref?: Ref<HTMLElement>;
}

/** What would run: a form where there is a schema, a tree where there is none. */
export function PayloadPanel({ request, contents, ref, ...rest }: PayloadPanelProps) {
  return (
    <section ref={ref} aria-label="Payload" className="rounded-md border border-line bg-panel">
      {contents === undefined && <LoadingState what="the key" />}
      {contents?.state === "sealed" && <SealedPayload contents={contents} />}
      {contents?.state === "deleted" && <DeletedPayload at={contents.at} />}
      {contents?.state === "readable" && (
        <ReadablePayload request={request} contents={contents} {...rest} />
      )}
    </section>
  );
}

function DeletedPayload({ at }: { at: string }) {
  return (
    <div className="space-y-1 p-4">
      <h2 className="eyebrow">Payload</h2>
      <p className="text-soft">
        Deleted <Age at={at} />, as this project's retention says. The receipts still carry its
        digest.
      </p>
    </div>
  );
}

function SealedPayload({ contents }: { contents: Extract<Contents, { state: "sealed" }> }) {
  const { ring } = useKeyRing();
  const [loading, setLoading] = useState(false);
  const { title, advice } = explainFault(contents.fault, ring.keys.length);
  const missing = contents.fault === "unknown_key";
  return (
    <div className="space-y-3 p-4">
      <h2 className="eyebrow">Payload</h2>
      <Notice tone={missing ? "info" : "alert"} title={title}>
        <p>{advice}</p>
        {contents.keyId !== undefined && (
          <p className="mt-1 text-sm">
            Key id <code className="font-mono break-all">{contents.keyId}</code>
          </p>
        )}
      </Notice>
      {missing && (
        <Button look="primary" onClick={() => setLoading(true)}>
          Load encryption key…
        </Button>
      )}
      {loading && <KeyDialog onClose={() => setLoading(false)} />}
    </div>
  );
}

type ReadableProps = Omit<PayloadPanelProps, "contents" | "ref"> & {
  readonly contents: Extract<Contents, { state: "readable" }>;
};

function ReadablePayload({ request, contents, draft, plan, onDraft }: ReadableProps) {
  const { roles } = useSession();
  const { payload } = contents;
  const inexact = hasInexactNumber(payload);
  const pending = request.status === "PENDING";
  // The money of a purchase travels beside what is sealed: there is nothing a patch could lower.
  const fixed = request.encrypted && request.service === "spend";
  const editable = pending && !inexact && !fixed && canDecide(roles, request.role);
  const drawable = isJsonObject(request.schema) && !inexact;
  const [chosen, setChosen] = useState<View>();
  const [broken, setBroken] = useState(false);
  const formable = drawable && !broken;
  const view =
    chosen === "json" && editable ? "json" : chosen === "tree" || !formable ? "tree" : "form";
  const approved = pending ? undefined : contents.patchedPayload;
  const shown = approved ?? (pending ? draft?.value : undefined) ?? payload;

  return (
    <>
      <header className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <h2 className="eyebrow mr-auto flex items-center gap-2">
          {approved === undefined ? "Payload" : "Payload as approved"}
          {contents.keyId !== undefined && (
            <Chip strong title={`Opened in this browser with key ${contents.keyId}`}>
              <LockOpen size={11} aria-hidden /> DECRYPTED
            </Chip>
          )}
        </h2>
        <fieldset aria-label="View" className="flex gap-1">
          {formable && <ViewButton view="form" now={view} onChoose={setChosen} name="Form" />}
          <ViewButton view="tree" now={view} onChoose={setChosen} name="Read" />
          {editable && (
            <ViewButton
              view="json"
              now={view}
              onChoose={setChosen}
              name="Edit JSON"
              edit={!formable}
            />
          )}
        </fieldset>
      </header>
      <div className="p-4">
        {inexact && (
          <div className="mb-3">
            <Notice title="Holds a number too long to edit safely">
              A browser would round it. The digits below are as sent; approve as sent, or reject.
            </Notice>
          </div>
        )}
        {broken && (
          <div className="mb-3">
            <Notice title="This schema cannot be drawn as a form">
              Read or edit the JSON instead.
            </Notice>
          </div>
        )}
        {view === "tree" && <JsonTree value={shown} label="Payload as JSON" />}
        {view === "json" && (
          <JsonEditor original={payload} draft={draft} plan={plan} onDraft={onDraft} />
        )}
        {view === "form" && request.schema && (
          <FormBoundary onBroken={() => setBroken(true)}>
            <Suspense fallback={<LoadingState what="the form" />}>
              <PayloadForm
                schema={request.schema}
                value={shown}
                issues={plan?.kind === "blocked" ? plan.issues : []}
                changedPaths={changedPathsOf(plan)}
                readOnly={!editable}
                onChange={(value) => onDraft(value === undefined ? {} : { value })}
              />
            </Suspense>
          </FormBoundary>
        )}
      </div>
    </>
  );
}

function ViewButton({
  view,
  now,
  name,
  edit = false,
  onChoose,
}: {
  view: View;
  now: View;
  name: string;
  edit?: boolean;
  onChoose: (view: View) => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={view === now}
      data-edit={edit ? "" : undefined}
      onClick={() => onChoose(view)}
      className="rounded-sm px-2 py-0.5 text-sm text-soft hover:bg-well aria-pressed:bg-accent-wash aria-pressed:font-semibold aria-pressed:text-accent-strong pointer-coarse:min-h-11"
    >
      {name}
    </button>
  );
}

function changedPathsOf(plan: ApprovalPlan | undefined): ReadonlySet<string> {
  const changes = plan === undefined || plan.kind === "as-sent" ? [] : (plan.diff?.changes ?? []);
  return new Set(changes.map(({ path }) => path));
}

/** A schema the form library chokes on must not take the page down: the JSON stays readable. */
class FormBoundary extends Component<
  { onBroken: () => void; children: ReactNode },
  { broken: boolean }
> {
  override state = { broken: false };
  static getDerivedStateFromError = () => ({ broken: true });
  override componentDidCatch(): void {
    this.props.onBroken();
  }
  override render(): ReactNode {
    return this.state.broken ? null : this.props.children;
  }
}
