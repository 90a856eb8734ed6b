import { POLICY_TEMPLATES, type WirePolicy } from "@holdpoint/protocol/policy";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { explainError } from "../server/error.js";
import { canAdminister } from "../session/permission.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { Choice } from "../ui/choice.js";
import { LoadingState } from "../ui/state.js";
import type { CodeEditorHandle } from "./code-editor.js";
import { EnforceDialog } from "./enforce-dialog.js";
import { policyCheckQuery } from "./queries.js";
import { Meaning } from "./statements.js";
import { Trial } from "./trial.js";

const CodeEditor = lazy(() =>
  import("./code-editor.js").then((module) => ({ default: module.CodeEditor })),
);

/** Long enough for a word, short enough to feel live. */
const CHECK_DELAY_MS = 300;

export interface PolicyEditorProps {
  readonly text: string;
  readonly base: number;
  readonly current: WirePolicy | undefined;
  readonly onText: (text: string) => void;
  readonly onEnforced: (policy: WirePolicy) => void;
}

/** The text, and beside it what it means, what it would have done, and the act that enforces it. */
export function PolicyEditor({ text, base, current, onText, onEnforced }: PolicyEditorProps) {
  const { project, roles } = useSession();
  const editor = useRef<CodeEditorHandle>(null);
  const settled = useSettled(text);
  const check = useQuery(policyCheckQuery(project.id, settled));
  const [enforcing, setEnforcing] = useState(false);
  const isChecked = settled === text && check.isSuccess && !check.isPlaceholderData;
  const isValid = isChecked && check.data.valid;
  const isSame = text === (current?.text ?? "");
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] lg:items-start">
      <section
        aria-label="Policy"
        className="overflow-hidden rounded-md border border-line bg-panel"
      >
        <header className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
          <h2 className="eyebrow mr-auto">Cedar</h2>
          {text.trim() !== "" && <TemplateChoice text={text} onText={onText} />}
        </header>
        <Suspense fallback={<LoadingState what="the editor" />}>
          <CodeEditor
            ref={editor}
            label="Policy in Cedar"
            value={text}
            problems={check.data?.problems ?? []}
            onChange={onText}
          />
        </Suspense>
      </section>
      <div className="min-w-0 space-y-4 lg:sticky lg:top-4">
        {check.isError && <p role="alert">{explainError(check.error)}</p>}
        {text.trim() === "" ? (
          <Templates onText={onText} />
        ) : (
          <Meaning check={check.data} onJump={(problem) => editor.current?.jumpTo(problem)} />
        )}
        <Trial text={text} isValid={isValid} />
        {canAdminister(roles) ? (
          <Button
            look="primary"
            className="w-full"
            disabled={!isValid || isSame}
            onClick={() => setEnforcing(true)}
          >
            {isSame && current !== undefined ? "In force as it stands" : "Put in force…"}
          </Button>
        ) : (
          <p className="text-soft">
            Only an admin puts a policy in force. You may write and try one.
          </p>
        )}
      </div>
      {enforcing && (
        <EnforceDialog
          text={text}
          base={base}
          current={current}
          onEnforced={(policy) => {
            setEnforcing(false);
            onEnforced(policy);
          }}
          onClose={() => setEnforcing(false)}
        />
      )}
    </div>
  );
}

/** Texts to begin with. */
function Templates({ onText }: { onText: (text: string) => void }) {
  return (
    <section aria-label="Templates" className="rounded-md border border-line bg-panel p-4">
      <h2 className="eyebrow">Begin with one of these</h2>
      <ul className="mt-1 divide-y divide-line">
        {POLICY_TEMPLATES.map(({ id, title, description, text }) => (
          <li key={id} className="py-2">
            <button
              type="button"
              className="text-left text-accent underline pointer-coarse:min-h-11"
              onClick={() => onText(text)}
            >
              {title}
            </button>
            <p className="text-sm text-soft">{description}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Adds a text to what is there. */
function TemplateChoice({ text, onText }: { text: string; onText: (text: string) => void }) {
  const add = (id: string) => {
    const template = POLICY_TEMPLATES.find((each) => each.id === id);
    if (template !== undefined) onText(`${text.trimEnd()}\n\n${template.text}`);
  };
  return (
    <Choice
      label="Add a template"
      none="Add a template…"
      value=""
      options={POLICY_TEMPLATES.map(({ id }) => id)}
      nameOf={(id) => POLICY_TEMPLATES.find((each) => each.id === id)?.title ?? id}
      onChange={add}
    />
  );
}

/** A text once it has rested for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), CHECK_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
