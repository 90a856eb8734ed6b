import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import type { WirePolicyProblem } from "@holdpoint/protocol/policy";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { cedarColours, cedarLanguage } from "./cedar.js";
import { placeOf } from "./place.js";

export interface CodeEditorHandle {
  /** Puts the cursor where a problem stands. */
  jumpTo(problem: WirePolicyProblem): void;
}

export interface CodeEditorProps {
  readonly label: string;
  readonly value: string;
  readonly problems: readonly WirePolicyProblem[];
  readonly onChange: (text: string) => void;
  readonly ref?: Ref<CodeEditorHandle>;
}

/** The text of a policy, with numbered lines, in colour, and with what is wrong marked in it. */
export function CodeEditor({ label, value, problems, onChange, ref }: CodeEditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const change = useRef(onChange);
  change.current = onChange;

  useEffect(() => {
    if (parent.current === null) return;
    const view = new EditorView({
      parent: parent.current,
      extensions: extensionsOf(label, (text) => change.current(text)),
    });
    editor.current = view;
    return () => view.destroy();
  }, [label]);
  useEffect(() => {
    const view = editor.current;
    if (view === undefined || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const view = editor.current;
    if (view === undefined) return;
    view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state.doc.toString(), problems)));
  }, [problems]);
  useImperativeHandle(ref, () => ({
    jumpTo(problem) {
      const view = editor.current;
      if (view === undefined) return;
      const { from, to } = placeOf(view.state.doc.toString(), problem);
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
      view.focus();
    },
  }));
  return <div ref={parent} />;
}

function extensionsOf(label: string, onChange: (text: string) => void) {
  return [
    lineNumbers(),
    history(),
    bracketMatching(),
    cedarLanguage,
    cedarColours,
    lintGutter(),
    // Tab leaves the editor, as everywhere else on the page.
    keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString());
    }),
    theme,
  ];
}

function diagnosticsOf(
  text: string,
  problems: readonly WirePolicyProblem[],
): readonly Diagnostic[] {
  return problems.map((problem) => ({
    ...placeOf(text, problem),
    severity: problem.severity,
    message: problem.message,
  }));
}

const theme = EditorView.theme({
  "&": { fontSize: "var(--text-sm)", backgroundColor: "var(--color-panel)" },
  "&.cm-focused": { outline: "2px solid var(--color-accent)", outlineOffset: "-2px" },
  ".cm-scroller": {
    fontFamily: "var(--font-mono)",
    lineHeight: "1.6",
    minHeight: "22rem",
  },
  ".cm-content": { caretColor: "var(--color-ink)", paddingBlock: "0.5rem" },
  ".cm-gutters": {
    backgroundColor: "var(--color-well)",
    color: "var(--color-faint)",
    borderRight: "1px solid var(--color-line)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--color-panel)",
    color: "var(--color-ink)",
    border: "1px solid var(--color-line)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--color-accent-wash)" },
});
