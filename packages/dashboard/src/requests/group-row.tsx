import { ChevronDown, ChevronRight, TriangleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Chip } from "../ui/chip.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
import type { RequestGroup } from "./groups.js";
import { PayloadLine } from "./payload-preview.js";
import { PriorityMark } from "./priority.js";

export interface GroupRowProps {
  readonly group: RequestGroup;
  readonly isOpen: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onToggle: () => void;
  /** Puts all of them into the selection, or takes them out. */
  readonly onSelect: (selected: boolean) => void;
  /** The rows of its requests. */
  readonly children: ReactNode;
}

/** A flood of requests of one shape, as one row. Each is decided on its own, or all as any batch is. */
export function GroupRow({
  group: { key, requests },
  isOpen,
  selected,
  onToggle,
  onSelect,
  children,
}: GroupRowProps) {
  const id = useId();
  const [first] = requests;
  const { action, service, agent, environment } = first;
  const picked = requests.filter((request) => selected.has(request.id)).length;
  const unusual = requests.filter(({ shield }) => shield?.anomalous === true).length;
  const [soonest = first.expires_at] = requests.map(({ expires_at: at }) => at).sort();
  const [oldest = first.created_at] = requests.map(({ created_at: at }) => at).sort();
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li data-group={key} data-anchor={first.id} className="border-b border-line">
      <div
        className={`relative flex items-start gap-3 px-3 py-1.5 has-[button:focus-visible]:bg-accent-wash sm:px-4 ${picked > 0 ? "bg-accent-wash" : "bg-panel hover:bg-well"}`}
      >
        <label className="relative z-10 -m-2 flex p-2 pointer-coarse:-m-3 pointer-coarse:p-3">
          <input
            type="checkbox"
            aria-label={`Select all ${requests.length} of ${service} ${action}`}
            className="mt-0.5 size-4 accent-accent"
            checked={picked === requests.length}
            ref={(box) => {
              if (box) box.indeterminate = picked > 0 && picked < requests.length;
            }}
            onChange={({ target }) => onSelect(target.checked)}
          />
        </label>
        <span className="pt-1">
          <PriorityMark priority={first.priority} />
        </span>
        <div className="min-w-0 flex-1 sm:grid sm:grid-cols-[minmax(0,17rem)_minmax(0,1fr)_auto] sm:items-baseline sm:gap-x-4">
          <button
            type="button"
            data-stop
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={onToggle}
            className="block w-full truncate text-left font-mono outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            <Chevron size={14} aria-hidden className="mr-1 -ml-0.5 inline align-[-2px] text-soft" />
            <span className={first.priority === "critical" ? "font-bold" : "font-semibold"}>
              <Text>{action}</Text>
            </span>
            <span className="text-soft">
              {" "}
              <Text>{service}</Text>
            </span>
          </button>
          <span className="block truncate font-mono text-sm text-soft">
            <strong className="text-ink">{requests.length} of one shape</strong>
            {" · "}
            <PayloadLine request={first} />
          </span>
          <span className="text-sm text-soft max-sm:hidden sm:text-right">
            <Countdown until={soonest} />
          </span>
          <span className="mt-0.5 flex min-w-0 flex-wrap items-center gap-1.5 text-sm text-faint sm:col-span-3">
            <span className="text-soft sm:hidden">
              <Countdown until={soonest} />
            </span>
            <span aria-hidden className="sm:hidden">
              ·
            </span>
            <Text maxLength={100}>{agent.name}</Text>
            <span aria-hidden>·</span>
            <span>
              since <Age at={oldest} />
            </span>
            {environment !== undefined && (
              <Chip>
                <Text maxLength={64}>{environment}</Text>
              </Chip>
            )}
            {unusual > 0 && (
              <Chip strong>
                <TriangleAlert size={11} aria-hidden /> {unusual} unusual
              </Chip>
            )}
            {picked > 0 && <Chip>{picked} selected</Chip>}
          </span>
        </div>
      </div>
      <ul
        id={id}
        hidden={!isOpen}
        aria-label={`${requests.length} of ${service} ${action}`}
        className="border-t border-line border-l-4 border-l-line [&>li:last-child]:border-b-0"
      >
        {isOpen && children}
      </ul>
    </li>
  );
}
