import type { WireShieldDetails, WireShieldEdge } from "@holdpoint/protocol/shield";

/** An action; `null` is where runs begin, or end. */
export type Place = string | null;

/** From one place to the next. */
export interface Way {
  readonly from: Place;
  readonly to: Place;
}

export const BEGIN = "begin";
export const END = "end";

/** A node's name in the drawing. Actions are called as agents please, also `begin`. */
export function nodeId(place: Place, side: "from" | "to"): string {
  if (place !== null) return `action ${place}`;
  return side === "from" ? BEGIN : END;
}

export function edgeId(from: Place, to: Place): string {
  return JSON.stringify([from, to]);
}

export interface GraphFilter {
  /** Actions with this in their name, and their neighbours; empty for all. */
  readonly text: string;
  /** Edges that are rarer are left out, but for each action's most usual ways in and out. */
  readonly minProbability: number;
}

export interface ShownNode {
  readonly action: string;
  readonly count: number;
  readonly shapes: number;
  /** Its name is what was looked for. */
  readonly isMatch: boolean;
}

export interface ShownGraph {
  readonly nodes: readonly ShownNode[];
  readonly edges: readonly WireShieldEdge[];
  /** Between nodes that are shown. */
  readonly hiddenEdges: number;
}

/** What can be chosen: from which probability on an edge is drawn. */
export const THRESHOLDS = [0, 0.01, 0.05, 0.1, 0.25, 0.5] as const;
/** As many edges are readable, and a few more than there are nodes. */
const READABLE_EDGES = 40;
const EDGES_PER_NODE = 1.25;

/** What is left out at first, so that a large graph can be read: the rare, until they are asked for. */
export function usualThreshold({ nodes, edges }: WireShieldDetails["graph"]): number {
  const most = Math.max(READABLE_EDGES, nodes.length * EDGES_PER_NODE);
  const isReadable = (threshold: number) =>
    edges.filter(({ probability }) => probability >= threshold).length <= most;
  return THRESHOLDS.find(isReadable) ?? 0.5;
}

/** The part of a graph that a filter leaves. */
export function shownGraph(
  graph: WireShieldDetails["graph"],
  { text, minProbability }: GraphFilter,
): ShownGraph {
  const wanted = text.trim().toLowerCase();
  const matches = new Set(
    graph.nodes.map(({ action }) => action).filter((name) => name.toLowerCase().includes(wanted)),
  );
  const isNear = (place: Place) => place === null || matches.has(place);
  const near = graph.edges.filter(({ from, to }) =>
    wanted === "" ? true : (from !== null && isNear(from)) || (to !== null && isNear(to)),
  );
  const backbone = backboneOf(near);
  const edges = near.filter(
    (edge) => edge.count > 0 && (edge.probability >= minProbability || backbone.has(edge)),
  );
  const reached = new Set<Place>([...matches, ...edges.flatMap(({ from, to }) => [from, to])]);
  const nodes = graph.nodes
    .filter(({ action }) => reached.has(action))
    .map((node) => ({ ...node, isMatch: wanted !== "" && matches.has(node.action) }));
  return { nodes, edges, hiddenEdges: near.length - edges.length };
}

/**
 * Adds the actions that a run comes by and that the graph does not show.
 *
 * @returns the ways that say where they belong, beside the graph.
 */
export function withRun(
  shown: ShownGraph,
  graph: WireShieldDetails["graph"],
  ways: readonly Way[],
): { readonly shown: ShownGraph; readonly asides: readonly Way[] } {
  const present = new Set(shown.nodes.map(({ action }) => action));
  const known = new Map(graph.nodes.map((node) => [node.action, node]));
  const added: ShownNode[] = [];
  const asides: Way[] = [];
  for (const { from, to } of ways) {
    for (const action of [from, to]) {
      if (action === null || present.has(action)) continue;
      present.add(action);
      const node = known.get(action) ?? { action, count: 0, shapes: 0 };
      added.push({ ...node, isMatch: false });
      if (action === to) asides.push({ from, to });
    }
  }
  return { shown: { ...shown, nodes: [...shown.nodes, ...added] }, asides };
}

/** The most usual way into each node and out of it: without them a rare action would hang in the air. */
function backboneOf(edges: readonly WireShieldEdge[]): ReadonlySet<WireShieldEdge> {
  const best = new Map<string, WireShieldEdge>();
  for (const edge of edges) {
    const outward = `out ${nodeId(edge.from, "from")}`;
    const inward = `in ${nodeId(edge.to, "to")}`;
    if ((best.get(outward)?.probability ?? -1) < edge.probability) best.set(outward, edge);
    // How often it was gone says which way in is the usual one; probabilities are those of ways out.
    if ((best.get(inward)?.count ?? -1) < edge.count) best.set(inward, edge);
  }
  return new Set(best.values());
}

/** The edges at a place, in or out, most usual first. */
export function edgesAt(
  { edges }: WireShieldDetails["graph"],
  place: string,
): { readonly into: readonly WireShieldEdge[]; readonly out: readonly WireShieldEdge[] } {
  return {
    into: edges
      .filter(({ to, count }) => to === place && count > 0)
      .sort((one, other) => other.count - one.count),
    out: edges
      .filter(({ from, count }) => from === place && count > 0)
      .sort((one, other) => other.probability - one.probability),
  };
}
