import type { ControlPlaneReady } from "./lib/control-plane.js";
import { connectGate, type Gate } from "./lib/gate.js";
import { startServer } from "./lib/processes.js";
import { measureProofs } from "./lib/proofs.js";
import { type Row, writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";
import type { ApiReady } from "./peers/api.js";

const ROUNDS = 5;
const ROUND_MS = 3_000;
const TOGETHER = 32;

/** The steps of a call, as the control plane times them itself. */
const STEPS = {
  identify: "verify lease and proof, remember the proof",
  find: "find the call and the action, check the parameters",
  judge: "ask the policy",
  begin: "request, budget, grant and claim, durable",
  run: "run: egress, secret, HTTP, verification",
  settle: "outcome, result and receipt, durable",
} as const;

/** What it costs to have the gate run an action, beside calling what it calls. */
export async function measureGate(): Promise<void> {
  await using api = await startServer<ApiReady>(new URL("peers/api.ts", import.meta.url));
  await using server = await startServer<ControlPlaneReady>(
    new URL("lib/control-plane.ts", import.meta.url),
  );
  const gate = await connectGate(server.ready, api.ready.url, TOGETHER);
  await callFor(gate.execute, TOGETHER);
  const alone = { gate: [] as Figures[], direct: [] as Figures[] };
  const together = { gate: [] as Figures[], direct: [] as Figures[] };
  const before = await readSteps(server.ready);
  for (let index = 0; index < ROUNDS; index++) {
    alone.direct.push(await callFor(gate.direct, 1));
    alone.gate.push(await callFor(gate.execute, 1));
  }
  const after = await readSteps(server.ready);
  for (let index = 0; index < ROUNDS; index++) {
    together.direct.push(await callFor(gate.direct, TOGETHER));
    together.gate.push(await callFor(gate.execute, TOGETHER));
  }
  await gate.close();
  await writeResult({
    name: "gate",
    about: `An agent has the gate run an HTTP action that policy allows: lease and proof are verified, the parameters checked, two policies asked, the call made and claimed in one durable transaction with its three receipts, the service called, and the outcome with its receipt made durable before the answer. Beside it the same HTTP call made directly. ${ROUNDS} rounds in turns; medians over the rounds. Client, control plane (SQLite) and service share the machine; the client signs its own proofs.`,
    rows: [
      ...rowsOf("one at a time", alone),
      ...rowsOf(`${TOGETHER} at once`, together),
      overheadRow(alone),
      ...stepRows(before, after),
      ...measureProofs(),
    ],
  });
}

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

async function callFor(call: Gate["execute"], concurrency: number): Promise<Figures> {
  const samples: number[] = [];
  const started = performance.now();
  const loop = async () => {
    while (performance.now() - started < ROUND_MS) {
      const callStarted = performance.now();
      await call();
      samples.push(performance.now() - callStarted);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  const seconds = (performance.now() - started) / 1_000;
  return {
    perSecond: samples.length / seconds,
    p50: quantile(samples, 0.5),
    p99: quantile(samples, 0.99),
  };
}

interface Side {
  readonly gate: readonly Figures[];
  readonly direct: readonly Figures[];
}

function rowsOf(name: string, { gate, direct }: Side): readonly Row[] {
  return [
    {
      figure: `${name}: calls per second`,
      value: `${round(median(gate, "perSecond"))} (directly ${round(median(direct, "perSecond"))})`,
      ...(gate.length > 0 && name !== "one at a time" && { aim: "≥ 1,500" }),
    },
    {
      figure: `${name}: p50 and p99 in ms`,
      value: `${round(median(gate, "p50"))} and ${round(median(gate, "p99"))} (directly ${round(median(direct, "p50"))} and ${round(median(direct, "p99"))})`,
    },
  ];
}

function overheadRow({ gate, direct }: Side): Row {
  const overheads = gate.map(({ p50 }, index) => p50 - (direct[index]?.p50 ?? 0));
  return {
    figure: "what the gate adds, one at a time, p50 in ms",
    value: String(round(quantile(overheads, 0.5))),
    aim: "≤ 1.5",
  };
}

function median(figures: readonly Figures[], member: keyof Figures): number {
  return quantile(
    figures.map((figure) => figure[member]),
    0.5,
  );
}

type Steps = Readonly<Record<string, { readonly sum: number; readonly count: number }>>;

/** Where the time of a call goes, wide as it is long. */
function stepRows(before: Steps, after: Steps): readonly Row[] {
  const spent = Object.keys(STEPS).map((step) => {
    const [from, to] = [before[step], after[step]];
    const count = (to?.count ?? 0) - (from?.count ?? 0);
    return { step, ms: (((to?.sum ?? 0) - (from?.sum ?? 0)) / count) * 1_000 };
  });
  const whole = spent.reduce((sum, { ms }) => sum + ms, 0);
  return spent.map(({ step, ms }) => ({
    figure: `${"▇".repeat(Math.max(1, Math.round((ms / whole) * 24)))} ${STEPS[step as keyof typeof STEPS]}`,
    value: `${round(ms)} ms`,
  }));
}

async function readSteps({ url }: ControlPlaneReady): Promise<Steps> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const steps: Record<string, { sum: number; count: number }> = {};
  const line = /^holdpoint_gate_step_seconds_(sum|count)\{step="(\w+)"\} (\S+)$/gm;
  for (const [, kind, step = "", value] of text.matchAll(line)) {
    steps[step] ??= { sum: 0, count: 0 };
    steps[step][kind as "sum" | "count"] = Number(value);
  }
  return steps;
}
