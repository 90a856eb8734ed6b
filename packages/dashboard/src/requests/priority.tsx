import type { Priority } from "@holdpoint/protocol";
import { PRIORITY_LEVELS } from "./status.js";

/** Urgency as weight: four bars, filled from the left. */
export function PriorityMark({ priority, named = false }: { priority: Priority; named?: boolean }) {
  const level = PRIORITY_LEVELS[priority];
  return (
    <span
      className="inline-flex items-center gap-1.5 whitespace-nowrap"
      title={`Priority: ${priority}`}
    >
      <svg
        width="15"
        height="12"
        viewBox="0 0 15 12"
        role="img"
        aria-label={`Priority ${priority}`}
      >
        {[1, 2, 3, 4].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 4}
            y={12 - bar * 3}
            width="3"
            height={bar * 3}
            className={bar <= level ? "fill-ink" : "fill-line"}
          />
        ))}
      </svg>
      {named && <span className={level === 4 ? "font-semibold" : ""}>{priority}</span>}
    </span>
  );
}
