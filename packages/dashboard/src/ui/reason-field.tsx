import { LIMITS } from "@holdpoint/protocol";
import { useId } from "react";

/** A person's words on what they do, which may be left out. */
export function ReasonField({
  value,
  onChange,
}: {
  value: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        Reason
      </label>
      <span className="ml-2 text-xs text-faint">optional</span>
      <textarea
        id={id}
        rows={2}
        maxLength={LIMITS.reasonLength}
        className="field mt-1"
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}
