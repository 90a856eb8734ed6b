import { structuredPatch } from "diff";
import { Text } from "../ui/text.js";

const CONTEXT_LINES = 2;

/** What differs between two texts, line by line, as in code review. */
export function TextDiff({ from, to, label }: { from: string; to: string; label: string }) {
  const { hunks } = structuredPatch("", "", from, to, "", "", { context: CONTEXT_LINES });
  if (hunks.length === 0) return <p className="text-soft">Nothing differs.</p>;
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-96 overflow-auto rounded border border-line font-mono text-sm"
    >
      {hunks.map((hunk) => (
        <div key={hunk.newStart} className="border-line not-first:border-t">
          <p className="bg-well px-2 py-0.5 text-faint">line {hunk.newStart}</p>
          {hunk.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
            <Line key={index} line={line} />
          ))}
        </div>
      ))}
    </section>
  );
}

const LOOKS: Readonly<Record<string, string>> = {
  "+": "bg-added-wash text-added",
  "-": "bg-removed-wash text-removed",
};
const WORDS: Readonly<Record<string, string>> = { "+": "added: ", "-": "removed: " };

function Line({ line }: { line: string }) {
  const sign = line.charAt(0);
  return (
    <div className={`flex gap-2 px-2 ${LOOKS[sign] ?? ""}`}>
      <span aria-hidden className="w-2 shrink-0 select-none">
        {sign}
      </span>
      <span className="sr-only">{WORDS[sign] ?? ""}</span>
      <span className="min-w-0 whitespace-pre-wrap">
        <Text maxLength={1_000}>{line.slice(1)}</Text>
      </span>
    </div>
  );
}
