import { graphlib, layout } from "@dagrejs/dagre";
import type { Layout } from "./layout.js";
import type { Point } from "./lines.js";
import { BEGIN, END, edgeId, nodeId, type ShownGraph, type Way } from "./model.js";
import { NODE, TERMINAL } from "./sizes.js";

/** Room for `> 99 %`. */
const LABEL = { width: 46, height: 18 } as const;
const GAP = { nodesep: 22, ranksep: 30, edgesep: 12 } as const;

/** Puts nodes in layers, so that most edges point downwards and few cross. */
export function layInLayers({ nodes, edges }: ShownGraph, asides: readonly Way[]): Layout {
  const graph = new graphlib.Graph({ multigraph: true });
  // Names are wide: from top to bottom more of them fit a screen than from left to right.
  graph.setGraph({ rankdir: "TB", ...GAP });
  graph.setNode(BEGIN, { ...TERMINAL });
  for (const { action } of nodes) graph.setNode(nodeId(action, "to"), { ...NODE });
  graph.setNode(END, { ...TERMINAL });
  for (const { from, to, probability } of edges) {
    // What is usual stays straight and short.
    const weight = 1 + Math.round(probability * 8);
    const label = { ...LABEL, labelpos: "c", weight, minlen: 1 };
    graph.setEdge(nodeId(from, "from"), nodeId(to, "to"), label, edgeId(from, to));
  }
  for (const { from, to } of asides) {
    const label = { weight: 0, minlen: 1, width: 0, height: 0 };
    graph.setEdge(nodeId(from, "from"), nodeId(to, "to"), label, edgeId(from, to));
  }
  layout(graph);
  return {
    nodes: new Map(
      graph.nodes().map((id) => {
        const { x, y, width, height } = graph.node(id) as Point & typeof NODE;
        return [id, { x: x - width / 2, y: y - height / 2, width, height }];
      }),
    ),
    edges: new Map(
      graph
        .edges()
        .map((edge) => [edge.name ?? "", (graph.edge(edge) as { points: Point[] }).points]),
    ),
  };
}
