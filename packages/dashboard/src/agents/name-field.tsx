import { LIMITS } from "@holdpoint/protocol";
import { useId } from "react";

/** Which agent something new is for: one there is, or a new one. */
export function AgentNameField({
  name,
  onChange,
}: {
  name: string;
  onChange: (name: string) => void;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        Agent name
      </label>
      <input
        id={id}
        data-autofocus
        className="field mt-1"
        maxLength={LIMITS.nameLength}
        value={name}
        onChange={({ target }) => onChange(target.value)}
      />
      <p className="mt-1 text-sm text-faint">
        Approvers see this name. A new name makes a new agent.
      </p>
    </div>
  );
}
