import { BaseEdge, EdgeLabelRenderer, type EdgeProps, type NodeProps } from "@xyflow/react";
import { CircleDot, CircleStop, TriangleAlert } from "lucide-react";
import { Text } from "../../ui/text.js";
import { counted, percent } from "../words.js";
import type { ActionNode, Mark, TerminalNode, WayEdge } from "./drawing.js";

const NODE_LOOKS: Readonly<Record<Mark, string>> = {
  plain: "border-edge bg-panel",
  run: "border-accent bg-panel shadow-[inset_0_0_0_1px_var(--color-accent)]",
  latest: "border-accent bg-accent-wash shadow-[inset_0_0_0_1px_var(--color-accent)]",
  anomaly: "border-removed bg-removed-wash shadow-[inset_0_0_0_1px_var(--color-removed)]",
};

/** An action. From afar only its name is there, larger. */
export function ActionBox({ data }: NodeProps<ActionNode>) {
  const { action, count, shapes, mark, isMatch, isDim } = data;
  return (
    <div
      title={action}
      className={`flex size-full items-center gap-1.5 rounded border px-2 ${isDim ? "border-line bg-paper text-faint" : NODE_LOOKS[mark]} ${isMatch ? "outline-2 outline-offset-2 outline-accent" : ""}`}
    >
      {mark === "anomaly" && (
        <TriangleAlert size={16} aria-label="Anomaly" className="shrink-0 text-removed" />
      )}
      <div className="min-w-0 flex-1 leading-tight group-data-far/graph:leading-none">
        <p className="truncate font-mono text-sm font-semibold group-data-far/graph:line-clamp-2 group-data-far/graph:text-lg group-data-far/graph:leading-none group-data-far/graph:font-normal group-data-far/graph:whitespace-normal group-data-far/graph:[overflow-wrap:anywhere]">
          <Text maxLength={100}>{action}</Text>
        </p>
        <p className="truncate text-xs text-faint group-data-far/graph:hidden">
          {count === 0 ? "never seen" : counted(count, "time")}
          {shapes > 1 && ` · ${counted(shapes, "shape")}`}
        </p>
      </div>
    </div>
  );
}

/** Where runs begin, or end. */
export function TerminalBox({ data: { side, isDim } }: NodeProps<TerminalNode>) {
  const Icon = side === "begin" ? CircleDot : CircleStop;
  return (
    <div
      className={`flex size-full items-center justify-center gap-1.5 rounded-full border border-line text-sm ${isDim ? "bg-paper text-faint" : "bg-well text-soft"}`}
    >
      <Icon size={13} aria-hidden />
      {side === "begin" ? "Begin" : "End"}
    </div>
  );
}

const STROKES: Readonly<Record<Mark, string>> = {
  plain: "stroke-edge!",
  run: "stroke-accent!",
  latest: "stroke-accent!",
  anomaly: "stroke-removed! [stroke-dasharray:7_4]",
};
const LABEL_LOOKS: Readonly<Record<Mark, string>> = {
  plain: "text-faint group-data-far/graph:hidden",
  run: "text-accent-strong font-semibold group-data-far/graph:hidden",
  latest: "text-accent-strong font-semibold",
  anomaly: "text-removed font-semibold",
};

/** A way from one action to the next: the more usual, the wider. */
export function WayLine({ id, data }: EdgeProps<WayEdge>) {
  if (data === undefined) return null;
  const { path, middle, probability, mark, isDim, isBehind, hasLabel, times } = data;
  const fade = isDim ? "opacity-25" : isBehind ? "opacity-55" : "";
  const widest = mark === "plain" ? 4 : 5;
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        markerEnd={`url(#way-${mark === "latest" ? "run" : mark})`}
        className={`${STROKES[mark]} ${fade}`}
        style={{ strokeWidth: (mark === "plain" ? 1 : 2) + (widest - 1) * probability }}
        interactionWidth={14}
      />
      {hasLabel && (
        <EdgeLabelRenderer>
          <div
            className={`nopan pointer-events-none absolute z-10 flex items-center gap-0.5 rounded-sm bg-paper px-1 text-xs leading-4 whitespace-nowrap ${LABEL_LOOKS[mark]}`}
            style={{
              transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)`,
            }}
          >
            {mark === "anomaly" && <TriangleAlert size={11} aria-hidden />}
            {mark === "anomaly" && probability === 0 ? "never" : percent(probability)}
            {times > 1 && ` · ${times}×`}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

const ARROWS = { plain: "fill-edge", run: "fill-accent", anomaly: "fill-removed" } as const;

/** The points of the lines, in their colours. */
export function Arrows() {
  return (
    <svg aria-hidden className="absolute size-0">
      <defs>
        {Object.entries(ARROWS).map(([mark, colour]) => (
          <marker
            key={mark}
            id={`way-${mark}`}
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M0,1L10,5L0,9Z" className={colour} />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
