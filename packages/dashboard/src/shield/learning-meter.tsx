import type { WireShieldBaseline } from "@holdpoint/protocol/shield";
import { learningText } from "./words.js";

/** How far learning is. */
export function LearningMeter({ baseline }: { baseline: WireShieldBaseline }) {
  const { runs, runs_needed: needed } = baseline;
  const text = learningText(baseline);
  return (
    <div className="max-w-52">
      <div
        role="progressbar"
        aria-label="Learnt"
        aria-valuemin={0}
        aria-valuemax={needed}
        aria-valuenow={Math.min(runs, needed)}
        aria-valuetext={text}
        className="my-1 h-1 overflow-hidden rounded-full bg-line"
      >
        <div
          className="h-full bg-accent"
          style={{ width: `${needed === 0 ? 100 : Math.min(100, (runs / needed) * 100)}%` }}
        />
      </div>
      <p aria-hidden className="text-sm text-soft">
        {text}
      </p>
    </div>
  );
}
