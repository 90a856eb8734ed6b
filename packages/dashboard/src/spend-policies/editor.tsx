import { type Change, diffPayload, type JsonValue } from "@holdpoint/protocol";
import type { SpendPolicy } from "@holdpoint/protocol/spend";
import { CircleAlert, TriangleAlert } from "lucide-react";
import { useMemo, useState } from "react";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { CopyBlock } from "../ui/copy.js";
import { Text } from "../ui/text.js";
import { ArmDialog } from "./arm-dialog.js";
import { PolicyFormFields } from "./form.js";
import { PolicyFormContext } from "./form-context.js";
import type { PolicyHolder } from "./queries.js";
import { type DraftReview, reviewDraft } from "./review.js";
import { TakeAwayDialog } from "./take-away-dialog.js";
import { Trial } from "./trial.js";

export interface PolicyEditorProps {
  readonly holder: PolicyHolder;
  readonly name: string;
  /** What is in force; absent where nothing is. */
  readonly armed: SpendPolicy | undefined;
  readonly draft: SpendPolicy;
  readonly onDraft: (draft: SpendPolicy) => void;
}

/** The form, and beside it what the draft means, what it would have done, and the act that arms it. */
export function PolicyEditor(props: PolicyEditorProps) {
  const { draft, onDraft } = props;
  const review = useMemo(() => reviewDraft(draft), [draft]);
  const form = useMemo(() => ({ draft, review, onChange: onDraft }), [draft, review, onDraft]);
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] lg:items-start">
      <PolicyFormContext value={form}>
        <PolicyFormFields />
      </PolicyFormContext>
      <div className="min-w-0 space-y-4 lg:sticky lg:top-4">
        <Meaning review={review} draft={draft} />
        <Trial holder={props.holder} draft={draft} valid={review.issues.length === 0}>
          <Arm {...props} valid={review.issues.length === 0} />
        </Trial>
      </div>
    </div>
  );
}

function Meaning({ review, draft }: { review: DraftReview; draft: SpendPolicy }) {
  const { issues, warnings, summary } = review;
  return (
    <section aria-label="What it means" className="rounded-md border border-line bg-panel p-4">
      <h2 className="eyebrow">What it means</h2>
      {issues.length > 0 && (
        <div role="alert" className="mt-1 space-y-1">
          <p className="flex gap-2 font-semibold text-removed">
            <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
            {issues.length === 1 ? "One thing is wrong" : `${issues.length} things are wrong`}
          </p>
          <ul className="space-y-0.5 text-sm">
            {issues.slice(0, 8).map(({ path, message }) => (
              <li key={path + message}>
                <code className="font-mono">{path}</code> <Text maxLength={200}>{message}</Text>
              </li>
            ))}
          </ul>
        </div>
      )}
      <ul aria-live="polite" className="mt-1 space-y-1">
        {summary.map((sentence) => (
          <li key={sentence}>
            <Text maxLength={600}>{sentence}</Text>
          </li>
        ))}
      </ul>
      {warnings.length > 0 && (
        <ul aria-label="Warnings" className="mt-2 space-y-1 border-t border-line pt-2">
          {warnings.map((warning) => (
            <li key={warning} className="flex gap-2">
              <TriangleAlert size={15} aria-hidden className="mt-0.5 shrink-0 text-removed" />
              <span className="min-w-0">
                <span className="sr-only">Warning: </span>
                <Text maxLength={400}>{warning}</Text>
              </span>
            </li>
          ))}
        </ul>
      )}
      <details className="mt-2 border-t border-line pt-2">
        <summary className="text-sm text-soft">As JSON</summary>
        <div className="mt-1">
          <CopyBlock label="policy" text={JSON.stringify(draft, null, 2)} />
        </div>
      </details>
    </section>
  );
}

function Arm({ holder, name, armed, draft, valid }: PolicyEditorProps & { valid: boolean }) {
  const { roles } = useSession();
  const [dialog, setDialog] = useState<"arm" | "take-away">();
  const changes = policyChanges(armed, draft);
  const close = () => setDialog(undefined);
  if (!canAdminister(roles)) {
    return <p className="text-soft">Only an admin arms a policy. You may write one and try it.</p>;
  }
  return (
    <div className="flex flex-col gap-2">
      <Button
        look="primary"
        disabled={!valid || changes.length === 0}
        onClick={() => setDialog("arm")}
      >
        {armed !== undefined && changes.length === 0 ? "Armed as it stands" : "Arm this policy…"}
      </Button>
      {armed !== undefined && (
        <Button look="quiet" onClick={() => setDialog("take-away")}>
          Take the policy away…
        </Button>
      )}
      {dialog === "arm" && (
        <ArmDialog holder={holder} name={name} policy={draft} changes={changes} onClose={close} />
      )}
      {dialog === "take-away" && <TakeAwayDialog holder={holder} name={name} onClose={close} />}
    </div>
  );
}

/** What differs between two revisions; all of the second where the first is none. */
export function policyChanges(
  from: SpendPolicy | null | undefined,
  to: SpendPolicy | null | undefined,
): readonly Change[] {
  // A policy is JSON already; its type only names its members.
  return diffPayload((from ?? {}) as JsonValue, (to ?? {}) as JsonValue).changes;
}
