import { randomBytes } from "node:crypto";
import { startPostgres } from "@holdpoint/test-postgres";
import type { ControlPlaneReady } from "./lib/control-plane.js";
import { compareEvaluation } from "./lib/evaluation.js";
import { measureGrownPurchases } from "./lib/grown.js";
import { startServer } from "./lib/processes.js";
import { type Row, writeResult } from "./lib/report.js";
import { quantile, round } from "./lib/stats.js";
import { connect } from "./lib/till.js";

const ROUNDS = 5;
const ROUND_MS = 2_000;
const TOGETHER = 32;
const BUDGETS = 1_000;

/** Purchases that need nobody, with every check, entry, event and receipt. */
export async function measureSpend(): Promise<void> {
  const rows: Row[] = await compareEvaluation();
  const file = new URL("lib/control-plane.ts", import.meta.url);
  {
    await using sqlite = await startServer<ControlPlaneReady>(file);
    rows.push(...(await measureDatabase("SQLite", sqlite.ready)));
  }
  {
    await using postgres = await startPostgres();
    await using server = await startServer<ControlPlaneReady>(file, {
      HOLDPOINT_BENCH_DATABASE: await postgres.createDatabase(),
      HOLDPOINT_BENCH_MASTER_KEY: randomBytes(32).toString("base64url"),
    });
    rows.push(...(await measureDatabase("PostgreSQL", server.ready)));
  }
  rows.push(...(await measureGrownPurchases(file)));
  await writeResult({
    name: "spend",
    about: `An agent buys what policy lets through: fifteen rules in two scopes and two budgets are judged, the money is moved in its accounts, windows and double-entry ledger, and three events leave signed receipts, in one durable transaction. Beside it plain requests, which leave one event; and, for the pure judgement, \`json-rules-engine\` with the same comparisons. One hot budget is one agent's; of ${BUDGETS.toLocaleString("en")} budgets each is an agent's own, and all share their project's account. ${ROUNDS} rounds in turns; medians (and the best round). Client, server and database share the machine.`,
    rows,
  });
}

async function measureDatabase(name: string, ready: ControlPlaneReady): Promise<readonly Row[]> {
  const till = await connect(ready, TOGETHER, BUDGETS);
  const figures = { plain: newFigure(), hot: newFigure(), many: newFigure(), alone: newFigure() };
  await buyFor(till.buyAsOne, TOGETHER);
  for (let index = 0; index < ROUNDS; index++) {
    figures.plain.push(await buyFor(() => till.requests.create(), TOGETHER));
    figures.hot.push(await buyFor(till.buyAsOne, TOGETHER));
    figures.many.push(await buyFor(till.buyAsAny, TOGETHER));
    figures.alone.push(await buyFor(till.buyAsOne, 1));
  }
  await till.close();
  const ratios = figures.hot.map((speed, index) => speed / (figures.plain[index] as number));
  return [
    {
      figure: `${name}: purchases per second, one hot budget, 32 at once`,
      value: rate(figures.hot),
    },
    {
      figure: `${name}: the same, ${BUDGETS.toLocaleString("en")} budgets`,
      value: rate(figures.many),
    },
    { figure: `${name}: the same, one hot budget, 1 at a time`, value: rate(figures.alone) },
    { figure: `${name}: plain requests per second, 32 at once`, value: rate(figures.plain) },
    { figure: `${name}: purchases ÷ plain requests`, value: `${round(quantile(ratios, 0.5))} ×` },
  ];
}

function newFigure(): number[] {
  return [];
}

/** Calls per second, so many at once. */
async function buyFor(call: () => Promise<unknown>, concurrency: number): Promise<number> {
  let calls = 0;
  const started = performance.now();
  const lane = async () => {
    while (performance.now() - started < ROUND_MS) {
      await call();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return (calls * 1_000) / (performance.now() - started);
}

function rate(speeds: readonly number[]): string {
  return `${round(quantile(speeds, 0.5))} (${round(Math.max(...speeds))})`;
}
