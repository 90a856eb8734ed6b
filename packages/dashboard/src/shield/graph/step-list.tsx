import type { WireShieldStep } from "@holdpoint/protocol/shield";
import { TriangleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { Text } from "../../ui/text.js";
import { Age } from "../../ui/time.js";
import { effectText } from "../words.js";

/** What the shield says of the step in view. */
export function StepCard({ step }: { step: WireShieldStep | undefined }) {
  if (step === undefined) return null;
  const { verdict } = step;
  return (
    <div
      role="status"
      aria-label="The step in view"
      className={`border-b border-line px-3 py-2 ${verdict.anomalous ? "bg-removed-wash" : ""}`}
    >
      <p className="flex items-center gap-1.5 font-mono text-sm font-semibold">
        {verdict.anomalous && (
          <TriangleAlert size={14} aria-hidden className="shrink-0 text-removed" />
        )}
        <Text maxLength={100}>{step.action}</Text>
      </p>
      {verdict.anomalous && (
        <p className="text-sm font-semibold text-removed">{effectText(verdict)}</p>
      )}
      <p className="text-sm text-soft">
        <Text maxLength={600}>{verdict.explanation}</Text>
      </p>
    </div>
  );
}

/** A run, step by step; each leads there. */
export function StepList({
  steps,
  isCut,
  position,
  onPosition,
}: {
  steps: readonly WireShieldStep[];
  /** There are earlier ones. */
  isCut: boolean;
  position: number;
  onPosition: (position: number) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // Within the list only: the page stays where it is.
    const item = list.current?.children[position - 1];
    if (!(item instanceof HTMLElement) || list.current === null) return;
    const { offsetTop: top, offsetHeight: height } = item;
    const { scrollTop, clientHeight } = list.current;
    if (top < scrollTop) list.current.scrollTop = top;
    if (top + height > scrollTop + clientHeight)
      list.current.scrollTop = top + height - clientHeight;
  }, [position]);
  return (
    <>
      {isCut && <p className="px-3 py-1 text-sm text-faint">Earlier steps are left out.</p>}
      <ol
        ref={list}
        aria-label="Steps of the run"
        className="relative min-h-0 flex-1 overflow-y-auto py-1 max-lg:max-h-56"
      >
        {steps.map((step, index) => (
          <li key={step.id}>
            <button
              type="button"
              aria-current={index === position - 1 ? "step" : undefined}
              onClick={() => onPosition(index + 1)}
              className={`flex w-full items-baseline gap-2 px-3 py-0.5 text-left hover:bg-well aria-[current]:bg-accent-wash pointer-coarse:min-h-11 pointer-coarse:items-center ${index >= position ? "opacity-60" : ""}`}
            >
              <span className="w-6 shrink-0 text-right text-xs text-faint">{index + 1}</span>
              <span
                className={`min-w-0 flex-1 truncate font-mono text-sm ${step.verdict.anomalous ? "font-semibold text-removed" : ""}`}
              >
                {step.verdict.anomalous && (
                  <TriangleAlert
                    size={12}
                    aria-label="Anomaly"
                    className="mr-1 inline align-[-1px]"
                  />
                )}
                <Text maxLength={80}>{step.action}</Text>
              </span>
              <span className="shrink-0 text-xs text-faint">
                <Age at={step.at} />
              </span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
