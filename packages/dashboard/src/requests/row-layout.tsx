import type { Priority } from "@holdpoint/protocol";
import type { ReactNode } from "react";
import { Text } from "../ui/text.js";
import { PriorityMark } from "./priority.js";

/** The link or button that is the whole row: the rest of the row lies beneath it. */
export const ROW_TARGET =
  "block w-full truncate text-left font-mono outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent";

export interface RowLayoutProps {
  readonly priority: Priority;
  /** What chooses it. Absent: it cannot be chosen. */
  readonly box?: RowBoxProps | undefined;
  readonly target: ReactNode;
  /** One line of what it is about. */
  readonly line: ReactNode;
  /** How long it still waits, or how it ended. */
  readonly state: ReactNode;
  readonly agentName: string;
  /** Behind the agent: since when, and what else there is to know. */
  readonly children: ReactNode;
}

/** How a row of the inbox is set: in columns at the desk, in lines on the phone. */
export function RowLayout(props: RowLayoutProps) {
  const { priority, box, target, line, state, agentName, children } = props;
  return (
    <>
      {box && <RowBox {...box} />}
      <span className="pt-1">
        <PriorityMark priority={priority} />
      </span>
      <div className="min-w-0 flex-1 sm:grid sm:grid-cols-[minmax(0,17rem)_minmax(0,1fr)_auto] sm:items-baseline sm:gap-x-4">
        {target}
        <span className="block truncate font-mono text-sm text-soft">{line}</span>
        <span className="text-sm text-soft max-sm:hidden sm:text-right">{state}</span>
        <span className="mt-0.5 flex min-w-0 flex-wrap items-center gap-1.5 text-sm text-faint sm:col-span-3">
          <span className="text-soft sm:hidden">{state}</span>
          <span aria-hidden className="sm:hidden">
            ·
          </span>
          <Text maxLength={100}>{agentName}</Text>
          <span aria-hidden>·</span>
          {children}
        </span>
      </div>
    </>
  );
}

export interface RowBoxProps {
  readonly label: string;
  /** `some`: of several. */
  readonly checked: boolean | "some";
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Lies above {@link ROW_TARGET}, and is larger under a finger than it looks. */
function RowBox({ label, checked, disabled = false, onChange }: RowBoxProps) {
  return (
    <label className="relative z-10 -m-2 flex p-2 pointer-coarse:-m-3 pointer-coarse:p-3">
      <input
        type="checkbox"
        aria-label={label}
        className="mt-0.5 size-4 accent-accent"
        checked={checked === true}
        disabled={disabled}
        ref={(box) => {
          if (box) box.indeterminate = checked === "some";
        }}
        onChange={({ target }) => onChange(target.checked)}
      />
    </label>
  );
}

/** How a request is called, the more urgent the heavier. */
export function RowName({
  request: { action, service, priority },
}: {
  request: { readonly action: string; readonly service: string; readonly priority: Priority };
}) {
  return (
    <>
      <span className={priority === "critical" ? "font-bold" : "font-semibold"}>
        <Text>{action}</Text>
      </span>
      <span className="text-soft">
        {" "}
        <Text>{service}</Text>
      </span>
    </>
  );
}
