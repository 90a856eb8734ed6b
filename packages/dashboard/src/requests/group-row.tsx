import { ChevronDown, ChevronRight, TriangleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Chip } from "../ui/chip.js";
import { Text } from "../ui/text.js";
import { Age, Countdown } from "../ui/time.js";
import type { RequestGroup } from "./groups.js";
import { PayloadLine } from "./payload-preview.js";
import { ROW_TARGET, RowLayout, RowName } from "./row-layout.js";

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
        <RowLayout
          priority={first.priority}
          box={{
            label: `Select all ${requests.length} of ${service} ${action}`,
            checked: picked === requests.length || (picked > 0 && "some"),
            onChange: onSelect,
          }}
          target={
            <button
              type="button"
              data-stop
              aria-expanded={isOpen}
              aria-controls={id}
              onClick={onToggle}
              className={ROW_TARGET}
            >
              <Chevron
                size={14}
                aria-hidden
                className="mr-1 -ml-0.5 inline align-[-2px] text-soft"
              />
              <RowName request={first} />
            </button>
          }
          line={
            <>
              <strong className="text-ink">{requests.length} of one shape</strong>
              {" · "}
              <PayloadLine request={first} />
            </>
          }
          state={<Countdown until={soonest} />}
          agentName={agent.name}
        >
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
        </RowLayout>
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
