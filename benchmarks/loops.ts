import { BenchClient } from "./lib/client.js";
import type { ControlPlaneReady } from "./lib/control-plane.js";
import { type Loops, runLoops } from "./lib/loop.js";
import { startServer } from "./lib/processes.js";
import { writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";

const ROUNDS = 5;
const ROUND_MS = 3_000;
const TOGETHER = 32;

/** Create → decide loops, every answer on disk before it is given. */
export async function measureLoops(): Promise<void> {
  const ours = newFigures();
  const peer = newFigures();
  await using controlPlane = await startServer<ControlPlaneReady>(
    new URL("lib/control-plane.ts", import.meta.url),
  );
  await using simple = await startServer<ControlPlaneReady>(
    new URL("peers/simple.ts", import.meta.url),
  );
  const servers = [
    { figures: ours, client: new BenchClient(controlPlane.ready, TOGETHER) },
    { figures: peer, client: new BenchClient(simple.ready, TOGETHER) },
  ];
  for (const { client } of servers) await runLoops(client, TOGETHER, ROUND_MS);
  // In turns, so that both meet the same moods of a shared machine.
  for (let round = 0; round < ROUNDS; round++) {
    for (const { client, figures } of servers) {
      figures.together.push(await runLoops(client, TOGETHER, ROUND_MS));
      figures.alone.push(await runLoops(client, 1, ROUND_MS));
    }
  }
  for (const { client } of servers) await client.close();
  await report(ours, peer);
}

interface Figures {
  readonly together: Loops[];
  readonly alone: Loops[];
}

function newFigures(): Figures {
  return { together: [], alone: [] };
}

async function report(ours: Figures, peer: Figures): Promise<void> {
  const createMs = ours.alone.flatMap((loops) => loops.createMs);
  const ratios = ours.together.map(
    ({ perSecond }, round) => perSecond / (peer.together[round]?.perSecond as number),
  );
  await writeResult({
    name: "loops",
    about: `An agent creates a request and an operator approves it, over and over, on SQLite with \`synchronous=FULL\`; client and server share the machine. Beside it the obvious server: the same two routes on bare Hono with one row and one durable commit each, without credentials, validation, events or encryption at rest. ${ROUNDS} rounds in turns; medians (and the best round).`,
    rows: [
      { figure: "loops per second, 32 at once", value: rate(ours.together), aim: "≥ 1,500" },
      { figure: "the same, the obvious server", value: rate(peer.together) },
      { figure: "Holdpoint ÷ the obvious server", value: `${round(quantile(ratios, 0.5))} ×` },
      { figure: "loops per second, 1 at a time", value: rate(ours.alone) },
      { figure: "the same, the obvious server", value: rate(peer.alone) },
      { figure: "create alone, p50", value: `${round(quantile(createMs, 0.5))} ms`, aim: "≤ 3 ms" },
      { figure: "create alone, p99", value: `${round(quantile(createMs, 0.99))} ms` },
    ],
  });
}

function rate(rounds: readonly Loops[]): string {
  const perSecond = rounds.map((loops) => loops.perSecond);
  return `${round(quantile(perSecond, 0.5))} (${round(Math.max(...perSecond))})`;
}
