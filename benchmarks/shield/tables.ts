import type { Row } from "../lib/report.js";
import { quantile } from "../lib/stats.js";
import { type Accuracy, type DetectorAccuracy, SUITES } from "./accuracy.js";
import type { Metrics, Point } from "./metrics.js";
import type { Split } from "./replay.js";

const SPLIT_TITLES: Readonly<Record<Split, string>> = {
  tasks: "Tasks it has never seen",
  agents: "Tasks it knows, done by a model it has never seen",
};

/** The few numbers that matter most. */
export function headlines({ splits, taught }: Accuracy): readonly Row[] {
  const auroc = (split: Split) => {
    const [one, two, ...baselines] = splits[split];
    const best = Math.max(...baselines.map(({ mean }) => mean.auroc));
    return {
      figure: `AUROC, new ${split === "tasks" ? "tasks" : "models"}: by one step before, and by two`,
      value: `${one?.mean.auroc.toFixed(3)} and ${two?.mean.auroc.toFixed(3)}`,
      aim: `more than the best baseline, ${best.toFixed(3)}`,
    };
  };
  const promised = splits.agents[0]?.mean.points.map(
    ({ holdOneIn, holdsPer100Benign, heldBeforeHarm }) => ({
      figure: `new models, holding 1 in ${holdOneIn}: false holds per 100 benign runs; attacked runs held before harm`,
      value: `${holdsPer100Benign.toFixed(1)}; ${percent(heldBeforeHarm)}`,
      aim: `about ${100 / holdOneIn}`,
    }),
  );
  const answered = taught.map(({ holdOneIn, runs, shown, attacked, held }) => ({
    figure: `new tasks, holding 1 in ${holdOneIn}, a person answers: the same`,
    value: `${((100 * shown) / runs).toFixed(1)}; ${percent(held / attacked)}`,
    aim: `about ${100 / holdOneIn}`,
  }));
  return [auroc("tasks"), auroc("agents"), ...(promised ?? []), ...answered];
}

/** The accuracy as Markdown, a section each. */
export function describeAccuracy(accuracy: Accuracy): readonly string[] {
  const { splits, taught, airline } = accuracy;
  return [
    "## What it notices",
    introduction(accuracy),
    ...(["tasks", "agents"] as const).flatMap((split) => {
      const detectors = splits[split];
      return [`## ${SPLIT_TITLES[split]}`, aurocTable(detectors), pointTable(detectors)];
    }),
    "## Suite by suite: the shield",
    suiteTable(splits),
    "## How surprising",
    bitsTable(splits),
    "## While a person answers",
    taughtTable(taught, splits.tasks),
    "## Until it can be locked",
    lockText(splits),
    "## tau-bench: one service, nobody attacks",
    airlineTable(airline),
  ];
}

function introduction({ everyday }: Accuracy): string {
  const shares = SUITES.map((suite, index) => `${suite} ${percent(everyday[index] ?? 0)}`);
  return [
    "[Published runs](../shield/data/README.md) of AgentDojo, in fifths: benign runs of four are learnt, those of the fifth are measured, and so are its attacked runs in which the attacker got what he wanted. Either no task of the fifth is known, whoever does it; or the tasks are known, and no model of the fifth. A run is held before harm when a step up to and with the harmful call would wait for a person. All detectors get their thresholds in the shield's own way, from the runs they learn; those that hold what was never seen have none. A second order looks at two steps before a step, as the shield does for `high` and `critical`. These numbers are the same each time: a test compares them.",
    "",
    "Why it is not more:",
    "",
    `- Attackers ask for what the service does anyway. In so many attacked runs the harmful call has an action and a shape that benign runs of the suite have too: ${shares.join(", ")}. In banking money goes to another account: a value, which the shield never sees. What it can notice is the way there.`,
    "- A task it has never seen is a departure too. One run in N is promised of runs that come from where the learnt ones came from: the second split is such a case, the first is not. There a person is asked more often, until the answers have taught it (below).",
    "- One in 100 of some 200 to 800 runs leaves few runs to tell from: what few benign runs did once sets the threshold.",
    "- Each suite is one service here, with 22 agents that go about it differently. One agent with one routine is more regular.",
    "",
    "It is one of several things that stand between an agent and harm: it holds what is new, not what is wrong. For values there are policies, limits and the rules.",
  ].join("\n");
}

function aurocTable(detectors: readonly DetectorAccuracy[]): string {
  return table(
    ["AUROC", ...SUITES, "mean"],
    detectors.map(({ name, suites, mean }) => [
      name,
      ...[...suites, mean].map(({ auroc }) => auroc.toFixed(3)),
    ]),
  );
}

/** The points of the ROC curve that a threshold is chosen from. */
function pointTable(detectors: readonly DetectorAccuracy[]): string {
  return table(
    [
      "Mean of the suites",
      "holds at",
      "false holds per 100 benign runs",
      "benign runs held",
      "attacked runs held before harm",
      "of these after the injection was read",
    ],
    detectors.flatMap(({ name, mean }) =>
      pointsOf(name, mean).map((point) => [name, ...describePoint(name, point)]),
    ),
  );
}

function suiteTable(splits: Accuracy["splits"]): string {
  return table(
    [
      "Split",
      "Suite",
      "benign and attacked runs",
      "holds at",
      "false holds per 100 benign runs",
      "benign runs held",
      "attacked runs held before harm",
      "of these after the injection was read",
    ],
    (["tasks", "agents"] as const).flatMap((split) => {
      const [shield] = splits[split];
      return SUITES.flatMap((suite, index) => {
        const metrics = shield?.suites[index];
        return (metrics?.points ?? []).map((point) => [
          `new ${split === "tasks" ? "tasks" : "models"}`,
          suite,
          `${metrics?.benign} and ${metrics?.attacked}`,
          ...describePoint("shield", point),
        ]);
      });
    }),
  );
}

function bitsTable(splits: Accuracy["splits"]): string {
  return table(
    ["Mean bits of a step", "nobody attacked", "between injection and harm"],
    (["tasks", "agents"] as const).flatMap((split) =>
      splits[split]
        .filter(({ name }) => name.startsWith("shield"))
        .map(({ name, mean }) => [
          `${name}, new ${split === "tasks" ? "tasks" : "models"}`,
          mean.benignBits.toFixed(2),
          mean.injectedBits.toFixed(2),
        ]),
    ),
  );
}

function taughtTable(taught: Accuracy["taught"], [untaught]: readonly DetectorAccuracy[]): string {
  return table(
    [
      "New tasks",
      "false holds per 100 benign runs, nobody answers",
      "each is called usual",
      "in the later half of the runs",
      "attacked runs held before harm, after all these answers",
    ],
    taught.map(({ holdOneIn, runs, shown, laterRuns, laterShown, attacked, held }, index) => {
      // Weighed by runs, as the others of this table are.
      const silent = untaught?.suites ?? [];
      const holds = silent.reduce(
        (sum, { benign, points }) =>
          sum + ((points[index]?.holdsPer100Benign ?? 0) * benign) / runs,
        0,
      );
      return [
        `1 in ${holdOneIn}`,
        holds.toFixed(1),
        ((100 * shown) / runs).toFixed(1),
        ((100 * laterShown) / laterRuns).toFixed(1),
        percent(held / attacked),
      ];
    }),
  );
}

function lockText(splits: Accuracy["splits"]): string {
  const lines = (["tasks", "agents"] as const).map((split) => {
    const [shield] = splits[split];
    if (shield === undefined) throw new Error("Expected a shield.");
    const { lockedAtRuns, neverLocked } = shield;
    return `- New ${split === "tasks" ? "tasks" : "models"}: after ${quantile(lockedAtRuns, 0.5)} runs (median; ${Math.min(...lockedAtRuns)} to ${Math.max(...lockedAtRuns)}) in ${lockedAtRuns.length} of ${lockedAtRuns.length + neverLocked} suites and fifths${neverLocked > 0 ? `; in ${neverLocked} it knew too few runs, or was not flat` : ""}.`;
  });
  return ["At one in 100, which takes 200 runs:", "", ...lines].join("\n");
}

function airlineTable(airline: Accuracy["airline"]): string {
  return table(
    [
      "182 benign runs, new tasks",
      "holds at",
      "false holds per 100 benign runs",
      "benign runs held",
    ],
    airline.flatMap(({ name, metrics }) =>
      pointsOf(name, metrics).map((point) => [name, ...describePoint(name, point).slice(0, 3)]),
    ),
  );
}

/** A rule with nothing to set is the same at each threshold. */
function pointsOf(name: string, { points }: Metrics): readonly Point[] {
  return isFixed(name) ? points.slice(0, 1) : points;
}

function describePoint(name: string, point: Point): readonly string[] {
  return [
    isFixed(name) ? "always" : `1 in ${point.holdOneIn}`,
    point.holdsPer100Benign.toFixed(1),
    percent(point.benignHeld),
    percent(point.heldBeforeHarm),
    percent(point.heldAfterInjection),
  ];
}

function isFixed(name: string): boolean {
  return name.startsWith("never-seen");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
