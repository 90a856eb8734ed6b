import type { WireShieldDetails } from "@holdpoint/protocol/shield";
import { describe, expect, it } from "vitest";
import { layOut } from "./layout.js";
import { edgesAt, nodeId, shownGraph, usualThreshold, withRun } from "./model.js";

type Graph = WireShieldDetails["graph"];

function edge(from: string | null, to: string | null, count: number, probability: number) {
  return { from, to, count, probability, approvals: 0 };
}

const small: Graph = {
  nodes: ["read", "sum", "file"].map((action) => ({ action, count: 10, shapes: 1 })),
  edges: [
    edge(null, "read", 10, 1),
    edge("read", "sum", 97, 0.97),
    edge("read", "file", 3, 0.03),
    edge("sum", "file", 10, 1),
    edge("file", null, 10, 1),
    edge("sum", null, 0, 0.01),
  ],
  is_cut: false,
};
const all = { text: "", minProbability: 0 };
const names = ({ edges }: Pick<Graph, "edges">) => edges.map(({ from, to }) => `${from}>${to}`);

/** Areas of actions that call each other, as a large agent has them. */
function large(actions: number): Graph {
  const nodes = Array.from({ length: actions }, (_, at) => ({
    action: `action-${at}`,
    count: actions - at,
    shapes: 1,
  }));
  const edges = nodes.flatMap(({ action }, at) => [
    edge(at === 0 ? null : `action-${Math.floor(at / 3)}`, action, 5, 0.3),
    edge(action, `action-${(at * 7 + 3) % actions}`, 2, 0.02),
    edge(action, null, 1, 0.5),
  ]);
  return { nodes, edges, is_cut: false };
}

describe("what of a graph is shown", () => {
  it("is what was gone, from a probability on", () => {
    expect(names(shownGraph(small, all))).toEqual([
      "null>read",
      "read>sum",
      "read>file",
      "sum>file",
      "file>null",
    ]);
    const usual = shownGraph(small, { ...all, minProbability: 0.05 });
    expect(names(usual)).not.toContain("read>file");
    expect(usual.hiddenEdges).toBe(2);
  });

  it("keeps the usual way into each action, however rare", () => {
    const rare = { ...small, edges: [...small.edges, edge("read", "wipe", 1, 0.001)] };
    const graph = { ...rare, nodes: [...small.nodes, { action: "wipe", count: 1, shapes: 1 }] };
    expect(names(shownGraph(graph, { ...all, minProbability: 0.5 }))).toContain("read>wipe");
  });

  it("is by a part of a name what matches and what is beside it", () => {
    const shown = shownGraph(small, { ...all, text: " SU " });
    expect(shown.nodes.map(({ action, isMatch }) => [action, isMatch])).toEqual([
      ["read", false],
      ["sum", true],
      ["file", false],
    ]);
    expect(names(shown)).toEqual(["read>sum", "sum>file"]);
    expect(shownGraph(small, { ...all, text: "nothing" }).nodes).toEqual([]);
  });

  it("has what a run comes by, also what was never seen", () => {
    const ways = [
      { from: "sum", to: "wipe" },
      { from: "read", to: "sum" },
    ];
    const { shown, asides } = withRun(shownGraph(small, all), small, ways);
    expect(shown.nodes.at(-1)).toEqual({ action: "wipe", count: 0, shapes: 0, isMatch: false });
    expect(asides).toEqual([{ from: "sum", to: "wipe" }]);
  });

  it("hides the rare of a large graph at first, and nothing of a small one", () => {
    expect(usualThreshold(small)).toBe(0);
    const graph = large(200);
    const shown = shownGraph(graph, { text: "", minProbability: usualThreshold(graph) });
    expect(shown.nodes).toHaveLength(200);
    expect(shown.edges.length).toBeLessThan(graph.edges.length);
  });

  it("tells an action called as our own nodes from them", () => {
    expect(nodeId("begin", "from")).not.toBe(nodeId(null, "from"));
    expect(nodeId(null, "from")).not.toBe(nodeId(null, "to"));
  });
});

it("lists what follows an action by probability, and what leads to it by count", () => {
  const { into, out } = edgesAt(small, "file");
  expect(into.map(({ from }) => from)).toEqual(["sum", "read"]);
  expect(out.map(({ to }) => to)).toEqual([null]);
  expect(edgesAt(small, "sum").out.map(({ to }) => to)).toEqual(["file"]);
});

describe("a layout", () => {
  it.each([
    ["small", small],
    ["of 200 actions", large(200)],
  ])("%s: gives everything a place of its own, beginning above end", (_name, graph) => {
    const shown = shownGraph(graph, { text: "", minProbability: usualThreshold(graph) });
    const { nodes } = layOut(shown, []);
    const boxes = [...nodes.values()];
    expect(boxes).toHaveLength(shown.nodes.length + 2);
    for (const [index, box] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        const isApart =
          Math.abs(box.x - other.x) >= Math.min(box.width, other.width) ||
          Math.abs(box.y - other.y) >= Math.min(box.height, other.height);
        expect(isApart).toBe(true);
      }
    }
    expect(nodes.get("begin")?.y).toBeLessThan(nodes.get("end")?.y ?? 0);
    const width = Math.max(...boxes.map(({ x, width }) => x + width));
    expect(width - Math.min(...boxes.map(({ x }) => x))).toBeLessThan(4_000);
  });

  it("is the same for the same graph", () => {
    const shown = shownGraph(large(200), all);
    expect(layOut(shown, [])).toEqual(layOut(shown, []));
  });

  it("puts an action that no edge leads to behind what led to it", () => {
    const { shown, asides } = withRun(shownGraph(small, all), small, [{ from: "sum", to: "wipe" }]);
    const { nodes } = layOut(shown, asides);
    expect(nodes.get("action wipe")?.y).toBeGreaterThan(nodes.get("action sum")?.y ?? 0);
  });
});
