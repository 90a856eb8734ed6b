import { evaluatePurchase, type ScopeState } from "@holdpoint/protocol/spend";
import { Engine, type TopLevelCondition } from "json-rules-engine";
import type { Row } from "./report.js";
import { quantile, round } from "./stats.js";
import { POLICY } from "./till.js";

const BATCHES = 40;
const IN_A_BATCH = 500;
const INSTANT_MS = Date.parse("2026-03-11T12:00:00Z");

/** The pure judgement of a purchase, in two scopes with policies and one without, beside a peer. */
export async function compareEvaluation(): Promise<Row[]> {
  const engine = createEngine();
  const ours: number[] = [];
  const peer: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    ours.push(await timeBatch(async (index) => void judge(index)));
    peer.push(await timeBatch((index) => engine.run(factsOf(index))));
  }
  // The first half warms up.
  const median = (samples: readonly number[]) => quantile(samples.slice(BATCHES / 2), 0.5);
  return [
    {
      figure: "judging a purchase, the pure function",
      value: `${round(median(ours))} µs`,
      aim: "≤ 10 µs",
    },
    { figure: "the same comparisons by json-rules-engine", value: `${round(median(peer))} µs` },
    { figure: "Holdpoint ÷ json-rules-engine", value: `${round(median(ours) / median(peer))} ×` },
  ];
}

/** @returns microseconds a call. */
async function timeBatch(call: (index: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < IN_A_BATCH; index++) await call(index);
  return ((performance.now() - started) * 1_000) / IN_A_BATCH;
}

const budget = { allocatedMinor: 900_000_000_000n, heldMinor: 10_000n, spentMinor: 20_000n };
const usage = {
  dayMinor: 1_000n,
  weekMinor: 5_000n,
  monthMinor: 20_000n,
  totalMinor: 30_000n,
  lastMinute: 0,
  lastHour: 3,
};
// Of two documents, as an agent's and a project's are.
const scopes: readonly ScopeState[] = [
  { scope: "agent", stopped: false, policy: POLICY, usage, budget },
  { scope: "project", stopped: false, policy: { ...POLICY }, usage, budget },
  { scope: "organisation", stopped: false, budget },
];

function judge(index: number): void {
  const { outcome } = evaluatePurchase({
    purchase: {
      amountMinor: 1_250n + BigInt(index),
      currency: "EUR",
      category: "software",
      payee: "acme.example",
    },
    instantMs: INSTANT_MS + index,
    scopes,
  });
  if (outcome !== "auto_approved") throw new Error(`Expected auto_approved, got ${outcome}.`);
}

/** What the same policy compares, as numbers and lists; without hours, texts or a report. */
function createEngine(): Engine {
  const engine = new Engine();
  for (const scope of ["agent", "project"]) {
    engine.addRule({ conditions: { all: conditionsOf(scope) }, event: { type: scope } });
  }
  return engine;
}

function conditionsOf(scope: string): TopLevelCondition[] {
  const is = (fact: string, operator: string, value: unknown) =>
    ({ fact, operator, value }) as unknown as TopLevelCondition;
  return [
    is(`${scope}Stopped`, "equal", false),
    is("currency", "equal", "EUR"),
    is("category", "in", ["software", "cloud"]),
    is("payee", "in", ["acme.example", "other.example"]),
    is("amount", "lessThanInclusive", 50_000),
    is(`${scope}Day`, "lessThanInclusive", 900_000_000_000),
    is(`${scope}Week`, "lessThanInclusive", 900_000_000_000),
    is(`${scope}Month`, "lessThanInclusive", 900_000_000_000),
    is(`${scope}Total`, "lessThanInclusive", 900_000_000_000),
    is(`${scope}Budget`, "lessThanInclusive", 900_000_000_000),
    is("amount", "lessThanInclusive", 10_000),
    is("amount", "lessThanInclusive", 25_000),
  ];
}

function factsOf(index: number): Record<string, unknown> {
  const amount = 1_250 + index;
  const used = Object.fromEntries(
    ["agent", "project"].flatMap((scope) => [
      [`${scope}Stopped`, false],
      [`${scope}Day`, 1_000 + amount],
      [`${scope}Week`, 5_000 + amount],
      [`${scope}Month`, 20_000 + amount],
      [`${scope}Total`, 30_000 + amount],
      [`${scope}Budget`, 30_000 + amount],
    ]),
  );
  return { ...used, amount, currency: "EUR", category: "software", payee: "acme.example" };
}
