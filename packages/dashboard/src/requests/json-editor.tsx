import type { JsonValue } from "@holdpoint/protocol";
import { useEffect, useId, useRef } from "react";
import { hasInexactNumber, parseJson } from "../server/json.js";
import type { ApprovalPlan, Draft } from "./draft.js";

/** A payload as text to edit, checked while typing. */
export function JsonEditor({
  original,
  draft,
  plan,
  onDraft,
}: {
  original: JsonValue;
  draft: Draft | undefined;
  plan: ApprovalPlan | undefined;
  onDraft: (draft: Draft | undefined) => void;
}) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  // It came up because the person asked for it: they go on typing.
  useEffect(() => field.current?.focus(), []);
  const text = draft?.text ?? JSON.stringify(draft?.value ?? original, null, 2);
  const issues = plan?.kind === "blocked" ? plan.issues : [];
  return (
    <div>
      <label htmlFor={id} className="sr-only">
        Payload JSON
      </label>
      <textarea
        ref={field}
        id={id}
        spellCheck={false}
        rows={Math.min(28, Math.max(6, text.split("\n").length + 1))}
        className="field font-mono text-sm"
        value={text}
        aria-invalid={issues.length > 0}
        aria-describedby={`${id}-issues`}
        onChange={({ target }) => onDraft(readDraft(target.value))}
      />
      <ul id={`${id}-issues`} className="mt-1 text-sm text-removed empty:hidden">
        {issues.map(({ path, message }) => (
          <li key={path + message}>
            {path !== "" && <code className="mr-2 font-mono">{path}</code>}
            {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Reads typed JSON; numbers that would be rounded count as not readable. */
export function readDraft(text: string): Draft {
  try {
    const value = parseJson(text);
    return hasInexactNumber(value) ? { text } : { text, value: value as JsonValue };
  } catch {
    return { text };
  }
}
