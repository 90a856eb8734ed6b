import type { SpendCheck, WirePolicyCheck } from "@holdpoint/protocol/spend";
import { Check, CircleAlert, CircleX } from "lucide-react";
import { Text } from "../ui/text.js";
import { ruleName } from "./status.js";

const MARKS = {
  pass: { icon: Check, word: "passed", look: "text-faint" },
  ask: { icon: CircleAlert, word: "asks", look: "text-accent" },
  fail: { icon: CircleX, word: "failed", look: "text-removed" },
} as const satisfies Record<SpendCheck["result"], object>;

/** What each rule said when the purchase was made: what needs a look first, then all in order. */
export function Checks({ check }: { check: WirePolicyCheck }) {
  const { checks } = check;
  const open = checks.filter(({ result }) => result !== "pass");
  return (
    <section aria-label="Checks" className="space-y-1 border-t border-line px-4 py-2.5">
      <h3 className="eyebrow">Checks</h3>
      <CheckList checks={open} label="What needs a look" />
      <details>
        <summary className="text-sm text-soft">
          {checks.length - open.length} of {checks.length} passed · all in their order
        </summary>
        <div className="pt-1">
          <CheckList checks={checks} label="All checks" />
        </div>
      </details>
    </section>
  );
}

export function CheckList({ checks, label }: { checks: readonly SpendCheck[]; label: string }) {
  if (checks.length === 0) return null;
  return (
    <ol aria-label={label} className="space-y-0.5">
      {checks.map((check) => (
        <CheckLine key={`${check.rule} ${check.scope}`} check={check} />
      ))}
    </ol>
  );
}

function CheckLine({ check }: { check: SpendCheck }) {
  const { rule, scope, result, detail } = check;
  // A result this build does not know counts as one that failed.
  const { icon: Icon, word, look } = Object.hasOwn(MARKS, result) ? MARKS[result] : MARKS.fail;
  const quiet = result === "pass";
  return (
    <li className={`flex gap-2 ${quiet ? "text-sm text-soft" : ""}`}>
      <Icon size={15} aria-hidden className={`mt-0.5 shrink-0 ${look}`} />
      <span className="min-w-0">
        <span className={quiet ? "" : "font-semibold"}>{ruleName(rule)}</span>{" "}
        <span className="text-sm text-faint">
          of the {scope}, {word}
        </span>
        <span className="block">
          <Text maxLength={400}>{detail}</Text>
        </span>
      </span>
    </li>
  );
}
