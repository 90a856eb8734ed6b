import type { WireShieldStep } from "@holdpoint/protocol/shield";
import { describe, expect, it } from "vitest";
import { draw } from "./drawing.js";
import { layOut } from "./layout.js";
import { edgeId, shownGraph, withRun } from "./model.js";
import { traceOf } from "./trace.js";

function step(action: string, after: string | undefined, more: object = {}): WireShieldStep {
  const verdict = { anomalous: false, explanation: "", ...(after !== undefined && { after }) };
  return { id: `obs_${action}`, action, verdict, ...more } as unknown as WireShieldStep;
}
const odd = step("wipe", "sum", {});
const anomaly = { ...odd, verdict: { ...odd.verdict, anomalous: true } } as WireShieldStep;
const run = [
  step("read", undefined),
  step("sum", "read"),
  step("read", "sum"),
  step("sum", "read"),
  anomaly,
];

describe("the trace of a run", () => {
  it("goes as far as the step in view", () => {
    expect(traceOf(run, 0)).toMatchObject({ current: undefined });
    const begun = traceOf(run, 2);
    expect([...begun.edges.keys()]).toEqual([edgeId(null, "read"), edgeId("read", "sum")]);
    expect(begun.current).toBe("sum");
    expect(begun.edges.get(edgeId("read", "sum"))).toMatchObject({ isLatest: true, times: 1 });
  });

  it("counts a way that is gone again, and knows the latest", () => {
    const { edges } = traceOf(run, 4);
    expect(edges.get(edgeId("read", "sum"))).toMatchObject({ times: 2, isLatest: true });
    expect(edges.get(edgeId("sum", "read"))).toMatchObject({ times: 1, isLatest: false });
  });

  it("keeps the anomaly at its way and its action", () => {
    const { edges, visited } = traceOf([...run, step("read", "wipe")], 6);
    expect(edges.get(edgeId("sum", "wipe"))?.anomaly).toBe(anomaly);
    expect(visited.get("wipe")).toBe(anomaly);
    expect(visited.get("read")).toBeUndefined();
    expect(visited.has("read")).toBe(true);
  });

  it("ends where the run does", () => {
    const ended = traceOf([step("read", undefined, { ends_run: true })], 1);
    expect(ended.edges.has(edgeId("read", null))).toBe(true);
  });

  it("begins at no step where an earlier one is not known, but where the server says", () => {
    expect([...traceOf([step("sum", "read")], 1).edges.keys()]).toEqual([edgeId("read", "sum")]);
  });
});

it("draws a way that the baseline does not know, as an anomaly, over what is usual", () => {
  const edge = (from: string | null, to: string | null) => ({
    ...{ from, to, count: 9, probability: 1 },
    approvals: 0,
  });
  const graph = {
    nodes: ["read", "sum"].map((action) => ({ action, count: 9, shapes: 1 })),
    edges: [edge(null, "read"), edge("read", "sum"), edge("sum", null)],
    is_cut: false,
  };
  const trace = traceOf(run, 5);
  const { shown, asides } = withRun(shownGraph(graph, { text: "", minProbability: 0 }), graph, [
    ...trace.edges.values(),
  ]);
  const layout = layOut(shown, asides);
  const drawing = draw({ shown, all: graph.edges, layout, trace, focus: undefined });
  const marks = Object.fromEntries(drawing.edges.map(({ id, data }) => [id, data?.mark]));
  expect(marks).toEqual({
    [edgeId(null, "read")]: "run",
    [edgeId("read", "sum")]: "run",
    [edgeId("sum", null)]: "plain",
    [edgeId("sum", "read")]: "run",
    [edgeId("sum", "wipe")]: "anomaly",
  });
  expect(drawing.nodes.find(({ id }) => id === "action wipe")?.data).toMatchObject({
    mark: "anomaly",
    count: 0,
  });
  const focused = draw({
    ...{ shown, all: graph.edges, layout, trace },
    focus: { kind: "action", action: "read" },
  });
  expect(focused.near).toEqual(["begin", "action read", "action sum"]);
  expect(focused.edges.find(({ id }) => id === edgeId("sum", null))?.data?.isDim).toBe(true);
});
