import { LIMITS } from "@holdpoint/protocol";
import { useId } from "react";

export const REJECT_PRESETS = [
  "Wrong target",
  "Needs a smaller scope",
  "Not now, ask again later",
  "Explain why this is needed",
  "Ask a person to do this",
] as const;

/** The person's words to the agent, with ready ones to start from. */
export function ReasonField({
  value,
  onChange,
  autoFocus = false,
}: {
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}) {
  const id = useId();
  return (
    <div className="space-y-2">
      <fieldset className="flex flex-wrap gap-1.5">
        <legend className="sr-only">Ready reasons</legend>
        {REJECT_PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={value === preset}
            onClick={() => onChange(preset)}
            className="rounded-sm border border-edge px-2 py-0.5 text-sm hover:bg-well aria-pressed:border-accent aria-pressed:bg-accent-wash pointer-coarse:min-h-11 pointer-coarse:px-3"
          >
            {preset}
          </button>
        ))}
      </fieldset>
      <div>
        <label htmlFor={id} className="font-semibold">
          Reason
        </label>
        <textarea
          id={id}
          rows={3}
          maxLength={LIMITS.reasonLength}
          className="field mt-1"
          value={value}
          data-autofocus={autoFocus ? "" : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        <p className="text-sm text-faint">The agent reads this and acts on it.</p>
      </div>
    </div>
  );
}
