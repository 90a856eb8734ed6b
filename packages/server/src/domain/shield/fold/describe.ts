import type { ShieldDescription, ShieldEdge, ShieldNode } from "../profile.js";
import type { Entropy } from "./entropy.js";
import { type Measure, nameOf } from "./measure.js";
import type { Model } from "./model.js";

export function describeProfile(
  { model, calibration, runs, now }: Measure,
  entropy: Entropy,
  lastReceivedAt: number | undefined,
): ShieldDescription {
  return {
    steps: model.steps,
    runs,
    actions: model.actions.all.length,
    transitions: model.first.size,
    calibratedRuns: calibration.size,
    entropy: entropy.curve(),
    warnings: model.warnings(),
    lastReceivedAt,
    meanBits: (from, to) => entropy.mean(from, to),
    nodes: (limit) => nodesOf(model).slice(0, limit),
    edges: (limit, among) => edgesOf(model, among, now).slice(0, limit),
  };
}

function nodesOf(model: Model): readonly ShieldNode[] {
  const { anywhere, shapes } = model;
  const nodes: ShieldNode[] = [];
  for (let cell = 0; cell < anywhere.size; cell += 1) {
    const id = anywhere.symbolOf(cell);
    const action = nameOf(model, id);
    const count = anywhere.count(cell);
    if (action !== null && count > 0) nodes.push({ action, count, shapes: shapes.distinct(id) });
  }
  return nodes.sort((a, b) => b.count - a.count || inOrder(a.action, b.action));
}

function edgesOf(model: Model, among: ReadonlySet<string>, now: number): readonly ShieldEdge[] {
  const { first } = model;
  const isAmong = (name: string | null) => name === null || among.has(name);
  const edges: ShieldEdge[] = [];
  for (let cell = 0; cell < first.size; cell += 1) {
    if (!first.isKnown(cell)) continue;
    const from = nameOf(model, first.rowOf(cell));
    const to = nameOf(model, first.symbolOf(cell));
    if (!isAmong(from) || !isAmong(to)) continue;
    const [count, approvals] = [first.count(cell), first.approvals(cell)];
    edges.push({ from, to, count, probability: first.share(cell, now), approvals });
  }
  return edges.sort((a, b) => b.count - a.count || inOrder(a.from, b.from) || inOrder(a.to, b.to));
}

/** The same everywhere, which the order of a language is not. */
function inOrder(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return (a ?? "") < (b ?? "") ? -1 : 1;
}
