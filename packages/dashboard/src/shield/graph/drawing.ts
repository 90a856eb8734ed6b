import type { WireShieldEdge } from "@holdpoint/protocol/shield";
import type { Edge, Node } from "@xyflow/react";
import { Position } from "@xyflow/react";
import type { Layout } from "./layout.js";
import { type Box, bow, type Point, softLine } from "./lines.js";
import { BEGIN, END, edgeId, nodeId, type Place, type ShownGraph, type Way } from "./model.js";
import { TERMINAL } from "./sizes.js";
import type { Trace, TracedEdge } from "./trace.js";

/** How a node or an edge stands out. */
export type Mark = "plain" | "run" | "latest" | "anomaly";

export interface ActionData extends Record<string, unknown> {
  readonly action: string;
  readonly count: number;
  readonly shapes: number;
  readonly mark: Mark;
  readonly isMatch: boolean;
  readonly isDim: boolean;
}

export interface TerminalData extends Record<string, unknown> {
  readonly side: "begin" | "end";
  readonly isDim: boolean;
}

export type ActionNode = Node<ActionData, "action">;
export type TerminalNode = Node<TerminalData, "terminal">;

export interface WayData extends Record<string, unknown> {
  readonly path: string;
  readonly middle: Point;
  /** 0 for what was never gone. */
  readonly probability: number;
  readonly mark: Mark;
  readonly isDim: boolean;
  /** A run is drawn, and this is not of it. */
  readonly isBehind: boolean;
  readonly hasLabel: boolean;
  /** How often the run went it. */
  readonly times: number;
}

export type WayEdge = Edge<WayData, "way">;

/** What of the graph somebody looks at more closely. */
export type Focus =
  | { readonly kind: "action"; readonly action: string }
  | { readonly kind: "way"; readonly from: Place; readonly to: Place };

export interface Drawing {
  /** The ids of the nodes near the focus. */
  readonly near: readonly string[];
  readonly nodes: readonly (ActionNode | TerminalNode)[];
  readonly edges: readonly WayEdge[];
}

/** With more edges only those that stand out carry their number. */
const LABELLED_EDGES = 80;
const LABEL_FROM = 0.02;

/** Everything that is drawn: the baseline, what of it is near the focus, and the run over it. */
export function draw({
  shown,
  all,
  layout,
  trace,
  focus,
}: {
  readonly shown: ShownGraph;
  /** Also the edges that are not shown but near a focus. */
  readonly all: readonly WireShieldEdge[];
  readonly layout: Layout;
  readonly trace: Trace | undefined;
  readonly focus: Focus | undefined;
}): Drawing {
  const near = nearOf(all, focus);
  const isDim = (id: string) => near !== undefined && !near.nodes.has(id);
  const edges = waysOf(shown, all, trace, focus).flatMap((way): WayEdge[] => {
    const line = lineOf(way, layout);
    if (line === undefined) return [];
    const { from, to, probability, traced } = way;
    const id = edgeId(from, to);
    const isNear = near?.edges.has(id) === true;
    const mark = markOf(traced);
    return [
      {
        id,
        source: nodeId(from, "from"),
        target: nodeId(to, "to"),
        type: "way",
        zIndex: mark === "plain" ? 0 : 1,
        data: {
          ...line,
          ...{ probability, mark },
          times: traced?.times ?? 0,
          isDim: near !== undefined && !isNear,
          isBehind: trace !== undefined && mark === "plain",
          hasLabel:
            isNear ||
            (near === undefined && mark !== "plain") ||
            (near === undefined &&
              shown.edges.length <= LABELLED_EDGES &&
              probability >= LABEL_FROM),
        },
      },
    ];
  });
  const actions = shown.nodes.map(({ action, count, shapes, isMatch }): ActionNode => {
    const id = nodeId(action, "to");
    const box = layout.nodes.get(id) ?? { x: 0, y: 0, ...TERMINAL };
    return {
      ...{ id, type: "action" },
      ...placed(box),
      data: { action, count, shapes, isMatch, isDim: isDim(id), mark: markAt(action, trace) },
    };
  });
  const terminals = ([BEGIN, END] as const).map((side): TerminalNode => {
    const box = layout.nodes.get(side) ?? { x: 0, y: 0, ...TERMINAL };
    return {
      ...{ id: side, type: "terminal" },
      ...placed(box),
      data: { side, isDim: isDim(side) },
    };
  });
  return { nodes: [...terminals, ...actions], edges, near: [...(near?.nodes ?? [])] };
}

interface DrawnWay extends Way {
  readonly probability: number;
  readonly traced: TracedEdge | undefined;
}

/** The edges of the graph, those hidden ones that the focus or the run brings up, and what was never there. */
function waysOf(
  shown: ShownGraph,
  all: readonly WireShieldEdge[],
  trace: Trace | undefined,
  focus: Focus | undefined,
): readonly DrawnWay[] {
  const known = new Map(all.map((edge) => [edgeId(edge.from, edge.to), edge]));
  const wanted = new Map<string, Way>(
    shown.edges.map((edge) => [edgeId(edge.from, edge.to), edge]),
  );
  const add = (way: Way) => wanted.set(edgeId(way.from, way.to), way);
  for (const way of waysAt(all, focus)) add(way);
  for (const way of trace?.edges.values() ?? []) add(way);
  return [...wanted].map(([id, { from, to }]) => ({
    ...{ from, to },
    probability: known.get(id)?.probability ?? 0,
    traced: trace?.edges.get(id),
  }));
}

/** `undefined` where one of its ends is not drawn. */
function lineOf({ from, to }: Way, layout: Layout) {
  const points = from === to ? undefined : layout.edges.get(edgeId(from, to));
  if (points !== undefined) return softLine(points);
  const start = layout.nodes.get(nodeId(from, "from"));
  const end = layout.nodes.get(nodeId(to, "to"));
  return start === undefined || end === undefined ? undefined : bow(start, end);
}

function markOf(traced: TracedEdge | undefined): Mark {
  if (traced === undefined) return "plain";
  if (traced.anomaly !== undefined) return "anomaly";
  return traced.isLatest ? "latest" : "run";
}

function markAt(action: string, trace: Trace | undefined): Mark {
  if (trace === undefined || !trace.visited.has(action)) return "plain";
  if (trace.visited.get(action) !== undefined) return "anomaly";
  return trace.current === action ? "latest" : "run";
}

function touches({ from, to }: Way, focus: Focus | undefined): boolean {
  if (focus === undefined) return false;
  if (focus.kind === "way") return from === focus.from && to === focus.to;
  return from === focus.action || to === focus.action;
}

/** The ways that a focus is about, also where the baseline does not know it. */
export function waysAt(all: readonly WireShieldEdge[], focus: Focus | undefined): readonly Way[] {
  const ways = all.filter((edge) => edge.count > 0 && touches(edge, focus));
  return focus?.kind === "way" && ways.length === 0 ? [focus] : ways;
}

/** The ids of what is near a focus, and stays bright; `undefined` where nothing is in focus. */
function nearOf(all: readonly WireShieldEdge[], focus: Focus | undefined) {
  if (focus === undefined) return undefined;
  const ways = waysAt(all, focus);
  const nodes = new Set(ways.flatMap(({ from, to }) => [nodeId(from, "from"), nodeId(to, "to")]));
  if (focus.kind === "action") nodes.add(nodeId(focus.action, "to"));
  return { nodes, edges: new Set(ways.map(({ from, to }) => edgeId(from, to))) };
}

/** Where it is, how large, and where edges would be fastened, had the layout not drawn them: the canvas measures nothing. */
function placed({ x, y, width, height }: Box) {
  const size = { width, height };
  const point = { width: 1, height: 1 };
  return {
    position: { x, y },
    ...size,
    measured: size,
    handles: [
      { type: "target" as const, position: Position.Top, x: width / 2, y: 0, ...point },
      { type: "source" as const, position: Position.Bottom, x: width / 2, y: height, ...point },
    ],
  };
}
