import type { WireShieldRun, WireShieldStep } from "@holdpoint/protocol/shield";
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from "lucide-react";
import { useId } from "react";
import { IconButton } from "../../ui/button.js";
import { formatAge } from "../../ui/duration.js";
import { useNow } from "../../ui/time.js";
import { spellName, spellUnseen } from "../../ui/visible-text.js";
import { counted } from "../words.js";

/** Which run is drawn, and how far: its steps on a slider, with the arrow keys too. */
export function RunBar({
  runs,
  runKey,
  isFollowing,
  steps,
  position,
  onRun,
  onPosition,
}: {
  runs: readonly WireShieldRun[];
  runKey: string | undefined;
  /** Whichever run is the latest. */
  isFollowing: boolean;
  steps: readonly WireShieldStep[];
  position: number;
  onRun: (runKey: string | undefined) => void;
  onPosition: (position: number) => void;
}) {
  const id = useId();
  const now = useNow();
  const isListed = runs.some((run) => run.run_key === runKey);
  if (runKey === undefined) {
    return <p className="border-b border-line px-3 py-2 text-soft">No run has begun yet.</p>;
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2">
      <select
        aria-label="Run"
        className="field w-auto! max-w-full sm:max-w-80"
        value={isFollowing ? "" : runKey}
        onChange={({ target }) => onRun(target.value === "" ? undefined : target.value)}
      >
        <option value="">The latest run, as it happens</option>
        {!isFollowing && !isListed && <option value={runKey}>{clip(runKey)}</option>}
        {runs.map((run) => (
          <option key={run.run_key} value={run.run_key}>
            {runName(run, now)}
          </option>
        ))}
      </select>
      <div className="flex min-w-60 flex-1 items-center gap-1">
        <IconButton
          label="Before the first step"
          disabled={position === 0}
          onClick={() => onPosition(0)}
        >
          <ChevronFirst size={15} aria-hidden />
        </IconButton>
        <IconButton
          label="One step back"
          disabled={position === 0}
          onClick={() => onPosition(position - 1)}
        >
          <ChevronLeft size={15} aria-hidden />
        </IconButton>
        <label htmlFor={id} className="sr-only">
          Step
        </label>
        <input
          id={id}
          type="range"
          className="min-w-0 flex-1 accent-accent"
          min={0}
          max={steps.length}
          value={position}
          aria-valuetext={stepText(steps, position)}
          onChange={({ target }) => onPosition(Number(target.value))}
        />
        <IconButton
          label="One step on"
          disabled={position >= steps.length}
          onClick={() => onPosition(position + 1)}
        >
          <ChevronRight size={15} aria-hidden />
        </IconButton>
        <IconButton
          label="To the last step"
          disabled={position >= steps.length}
          onClick={() => onPosition(steps.length)}
        >
          <ChevronLast size={15} aria-hidden />
        </IconButton>
        <span className="min-w-20 text-right text-sm text-soft">
          {steps.length === 0 ? "Loading…" : `step ${position} of ${steps.length}`}
        </span>
      </div>
    </div>
  );
}

function stepText(steps: readonly WireShieldStep[], position: number): string {
  const step = steps[position - 1];
  return step === undefined ? "before the first step" : `${position}: ${spellUnseen(step.action)}`;
}

/** `nightly-7, 12 steps, 3m ago, 1 anomaly`. */
function runName(run: WireShieldRun, nowMs: number): string {
  const age = formatAge(nowMs - Date.parse(run.last_step_at));
  return [
    run.run_id === undefined ? `${clip(run.agent.name)}, without a run id` : clip(run.run_id),
    counted(run.steps, "step"),
    age === "now" ? "now" : `${age} ago`,
    ...(run.anomalies === 0 ? [] : [`⚠ ${counted(run.anomalies, "anomaly", "anomalies")}`]),
    ...(run.is_paused ? ["paused"] : []),
  ].join(", ");
}

const SHOWN_CHARACTERS = 40;

const clip = (name: string) => spellName(name, SHOWN_CHARACTERS);
