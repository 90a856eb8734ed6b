import type { Change } from "@holdpoint/protocol";
import { formatJson } from "../server/json.js";
import { Text } from "../ui/text.js";

const SHOWN_CHARACTERS = 1_000;

/** Edits as in code review: the path, what was, what will be. */
export function DiffView({ changes, label }: { changes: readonly Change[]; label: string }) {
  return (
    <ul aria-label={label} className="space-y-2 font-mono text-sm">
      {changes.map((change) => (
        <li key={change.path} className="overflow-hidden rounded border border-line">
          <div className="border-b border-line bg-well px-2 py-0.5 text-soft">
            <Text maxLength={300}>{change.path === "" ? "(whole payload)" : change.path}</Text>
          </div>
          {change.from !== undefined && <Line sign="-" value={change.from} />}
          {change.to !== undefined && <Line sign="+" value={change.to} />}
        </li>
      ))}
    </ul>
  );
}

function Line({ sign, value }: { sign: "-" | "+"; value: unknown }) {
  const added = sign === "+";
  const Element = added ? "ins" : "del";
  return (
    <div
      className={`flex gap-2 px-2 py-0.5 ${added ? "bg-added-wash text-added" : "bg-removed-wash text-removed"}`}
    >
      <span aria-hidden className="select-none">
        {sign}
      </span>
      <span className="sr-only">{added ? "will be " : "was "}</span>
      <Element className="min-w-0 whitespace-pre-wrap no-underline">
        <Text maxLength={SHOWN_CHARACTERS}>{formatJson(value, 2)}</Text>
      </Element>
    </div>
  );
}
