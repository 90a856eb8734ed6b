import { type ReactNode, useId, useState } from "react";
import { AmountField } from "../money/amount-field.js";
import type { MemberPath } from "./draft.js";
import { useMember, usePolicyForm } from "./form-context.js";

interface FieldProps {
  readonly path: MemberPath;
  readonly label: string;
  readonly hint?: string;
}

/** A label, a field, a hint and what is wrong: the same for every kind of field. */
function Labelled({
  id,
  path,
  label,
  hint,
  faults,
  children,
}: {
  id: string;
  path: MemberPath;
  label: string;
  hint?: string | undefined;
  faults: readonly string[];
  children: ReactNode;
}) {
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <span className="ml-2 font-mono text-xs text-faint">{nameOf(path)}</span>
      <div className="mt-1">{children}</div>
      <div id={`${id}-hint`} className="mt-1 text-sm">
        {hint !== undefined && <p className="text-faint">{hint}</p>}
        {faults.map((fault) => (
          <p key={fault} className="text-removed">
            {fault}
          </p>
        ))}
      </div>
    </div>
  );
}

/** What a member is called in the document, where warnings and programs name it. */
function nameOf(path: MemberPath): string {
  return String(path.at(-1));
}

/** An amount in the policy's currency; empty for no limit. */
export function LimitField({ path, label, hint }: FieldProps) {
  const { draft } = usePolicyForm();
  const { value, faults, set } = useMember(path);
  return (
    <AmountField
      label={label}
      currency={draft.currency}
      value={typeof value === "string" ? value : ""}
      faults={faults}
      onChange={(text) => set(text === "" ? undefined : text)}
      aside={nameOf(path)}
      {...(hint !== undefined && { hint })}
    />
  );
}

/** A whole number; empty for none. */
export function CountField({ path, label, hint, none }: FieldProps & { none: string }) {
  const id = useId();
  const { value, faults, set } = useMember(path);
  return (
    <Labelled id={id} path={path} label={label} hint={hint} faults={faults}>
      <input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        className="field max-w-28 text-right font-mono"
        placeholder={none}
        value={value === undefined ? "" : String(value)}
        aria-invalid={faults.length > 0}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => set(readCount(target.value))}
      />
    </Labelled>
  );
}

/** Digits as a number; anything else as typed, for the check to refuse. */
function readCount(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

/** Names, one a line; empty for no list. */
export function ListField({
  path,
  label,
  hint,
  none,
}: FieldProps & {
  /** What no list means. */
  none: string;
}) {
  const id = useId();
  const { value, faults, set } = useMember(path);
  const lines = Array.isArray(value) ? value.map(String) : [];
  // An empty line is no entry, but somebody is about to type in it.
  const [typed, setTyped] = useState(lines.join("\n"));
  const text = readLines(typed).join("\n") === lines.join("\n") ? typed : lines.join("\n");
  return (
    <Labelled id={id} path={path} label={label} hint={hint} faults={faults}>
      <textarea
        id={id}
        rows={Math.min(8, Math.max(2, text.split("\n").length))}
        spellCheck={false}
        className="field font-mono text-sm"
        placeholder={none}
        value={text}
        aria-invalid={faults.length > 0}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => {
          setTyped(target.value);
          const names = readLines(target.value);
          set(names.length === 0 ? undefined : names);
        }}
      />
    </Labelled>
  );
}

function readLines(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** A line of text, with what is known to choose from; empty for none. */
export function LineField({
  path,
  label,
  hint,
  none,
  known = [],
}: FieldProps & { none: string; known?: readonly string[] }) {
  const id = useId();
  const { value, faults, set } = useMember(path);
  return (
    <Labelled id={id} path={path} label={label} hint={hint} faults={faults}>
      <input
        id={id}
        list={known.length > 0 ? `${id}-known` : undefined}
        autoComplete="off"
        spellCheck={false}
        className="field max-w-72"
        placeholder={none}
        value={typeof value === "string" ? value : ""}
        aria-invalid={faults.length > 0}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => set(target.value === "" ? undefined : target.value)}
      />
      {known.length > 0 && (
        <datalist id={`${id}-known`}>
          {known.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </Labelled>
  );
}

/** Windows of time, `09:00-12:00, 13:00-17:30`; empty for the whole day. */
export function WindowsField({ path, label, hint }: FieldProps) {
  const id = useId();
  const { value, faults, set } = useMember(path);
  const windows = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
  const [typed, setTyped] = useState(windows.join(", "));
  const text = readWindows(typed).join() === windows.join() ? typed : windows.join(", ");
  return (
    <Labelled id={id} path={path} label={label} hint={hint} faults={faults}>
      <input
        id={id}
        autoComplete="off"
        spellCheck={false}
        className="field font-mono"
        placeholder="at any time"
        value={text}
        aria-invalid={faults.length > 0}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => {
          setTyped(target.value);
          const next = readWindows(target.value);
          set(next.length === 0 ? undefined : next);
        }}
      />
    </Labelled>
  );
}

function readWindows(text: string): readonly string[] {
  return text
    .split(",")
    .map((window) => window.replaceAll(/\s|–/g, (match) => (match === "–" ? "-" : "")))
    .filter((window) => window !== "");
}
