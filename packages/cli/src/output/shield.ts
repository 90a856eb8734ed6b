import type { ShieldMode, WireShieldVerdict } from "@holdpoint/protocol";
import type {
  WireShieldDetails,
  WireShieldEdge,
  WireShieldProfile,
  WireShieldRules,
  WireShieldRun,
  WireShieldSettings,
  WireShieldStep,
} from "@holdpoint/protocol/shield";
import type { Colours } from "../terminal.js";
import { atTheRight, columns } from "./columns.js";
import { describeActor, section } from "./request.js";
import { sparkline } from "./sparkline.js";
import { describeMoney } from "./spend.js";
import { indent, printableLine, wrap } from "./text.js";
import { exactTime, relativeTime } from "./time.js";

/** Ways of a service that are shown; all of them are in `--json`. */
const EDGES = 12;

/** The rows of `shield`. */
export function listProfiles(
  profiles: readonly WireShieldProfile[],
  nowMs: number,
  colours: Colours,
): string {
  const numbers = [
    ["STEPS", ...profiles.map(({ baseline }) => count(baseline.steps))],
    ["RUNS", ...profiles.map(({ baseline }) => count(baseline.runs))],
    ["24 H", ...profiles.map((profile) => count(profile.last_24_hours.steps))],
    ["ANOMALIES", ...profiles.map((profile) => count(profile.last_24_hours.anomalies))],
    ["HELD", ...profiles.map((profile) => count(profile.last_24_hours.held))],
  ].map(atTheRight);
  const cells = (row: number) => numbers.map((column) => column[row] ?? "");
  const head = ["SERVICE", "ENVIRONMENT", "MODE", ...cells(0), "LAST STEP"].map(colours.dim);
  const rows = profiles.map((profile, index) => [
    printableLine(profile.service, 40),
    printableLine(profile.environment ?? "", 30),
    paintMode(profile.mode, colours),
    ...cells(index + 1),
    profile.last_step_at ? relativeTime(profile.last_step_at, nowMs) : "never",
  ]);
  const warned = profiles.filter(({ warnings }) => warnings.length > 0).length;
  const note = `${warned} of them with warnings: holdpoint shield show <service>`;
  return [columns([head, ...rows]), ...(warned > 0 ? ["", colours.yellow(note)] : [])].join("\n");
}

/** All of one profile. */
export function describeProfile(
  profile: WireShieldDetails,
  nowMs: number,
  colours: Colours,
): string {
  const { baseline, last_24_hours: today, would_have_held: would } = profile;
  const facts: (readonly [string, string | undefined])[] = [
    ["changed", profile.changed_at && describeChange(profile, nowMs)],
    [
      "baseline",
      `${many(baseline.steps, "step")} in ${many(baseline.runs, "run")}; ${many(baseline.actions, "action")}, ${many(baseline.transitions, "transition")}`,
    ],
    ["surprise", describeEntropy(profile)],
    ["learnt", describeLearning(profile)],
    [
      "last 24 h",
      `${many(today.steps, "step")}, ${many(today.anomalies, "anomaly")}, ${count(today.held)} held`,
    ],
    [
      "last 7 days",
      `${many(would.anomalies, "anomaly")} in ${many(would.steps, "step")}; enforcing would have held ${count(would.requests)} of them before they ran`,
    ],
    ["last step", profile.last_step_at && exactTime(profile.last_step_at, nowMs)],
    ["since", exactTime(profile.created_at, nowMs)],
  ];
  const rows = facts.flatMap(([label, fact]) => (fact ? [[colours.dim(label), fact]] : []));
  return [
    `${titleOf(profile, colours)}\n${colours.dim(profile.id)}`,
    indent(columns(rows)),
    ...profile.warnings.map((each) => colours.yellow(`! ${wrap(printableLine(each, 600))}`)),
    section("Measured by", describeSettings(profile.settings, colours), colours),
    section("Usual ways", describeEdges(profile, colours), colours),
  ].join("\n\n");
}

function titleOf({ service, environment, mode }: WireShieldProfile, colours: Colours): string {
  const where = environment === undefined ? "" : `  ${printableLine(environment)}`;
  return `${colours.bold(printableLine(service))}${where}  ${paintMode(mode, colours)}`;
}

function describeChange({ changed_at, changed_by }: WireShieldProfile, nowMs: number): string {
  const by = changed_by === undefined ? "" : `, by ${describeActor(changed_by)}`;
  return `${exactTime(changed_at as string, nowMs)}${by}`;
}

/** Bits that a step said on average that were not known before: at first, and now. */
function describeEntropy({ entropy, locked_at_runs: lockedAt }: WireShieldDetails): string {
  const last = entropy.at(-1);
  if (last === undefined) return "not known until a run has ended";
  const curve = sparkline(entropy.map(({ bits }) => bits));
  const locked = lockedAt === undefined ? "" : `; locked at run ${count(lockedAt)}`;
  return `${curve}  ${last.bits.toFixed(2)} bits a step now${locked}`;
}

function describeLearning({ mode, baseline }: WireShieldDetails): string {
  const { runs, runs_needed: needed, calibrated_runs: calibrated, is_flat: isFlat } = baseline;
  const compared = `compared with ${many(calibrated, "run")}`;
  if (mode !== "shadow") return compared;
  if (isFlat) return `${compared}; its surprise is flat`;
  return runs < needed
    ? `${compared}; locks by itself from ${count(needed)} runs on, once its surprise is flat`
    : `${compared}; locks by itself once its surprise is flat`;
}

function describeEdges({ graph }: WireShieldDetails, { dim }: Colours): string {
  if (graph.edges.length === 0) return "none yet";
  const shown = graph.edges.slice(0, EDGES);
  const numbers = [
    ["SEEN", ...shown.map((edge) => count(edge.count))],
    ["NOW", ...shown.map(({ probability }) => percent(probability))],
  ].map(atTheRight);
  const cells = (row: number) => numbers.map((column) => column[row] ?? "");
  const head = ["FROM", "TO", ...cells(0), "PEOPLE SAID USUAL"].map(dim);
  const rows = shown.map((edge, index) => [
    ...endsOf(edge),
    ...cells(index + 1),
    edge.approvals === 0 ? "" : String(edge.approvals),
  ]);
  const left = graph.edges.length - shown.length;
  const more = left > 0 || graph.is_cut ? `\n\n${dim(`… and ${count(left)} more: --json`)}` : "";
  return columns([head, ...rows]) + more;
}

function endsOf({ from, to }: WireShieldEdge): readonly string[] {
  return [
    from === null ? "(begins)" : printableLine(from, 40),
    to === null ? "(ends)" : printableLine(to, 40),
  ];
}

/** What an anomaly is, and each rule beside it. */
export function describeSettings(settings: WireShieldSettings, { dim }: Colours): string {
  const rules = Object.entries(RULES).map(([name, describe]) => [
    dim(name),
    describe(settings.rules) ?? "off",
  ]);
  return columns([
    [dim("revision"), String(settings.revision)],
    [dim("anomaly"), `as surprising as one run in ${settings.hold_one_in}`],
    [
      dim("pause"),
      `after ${settings.pause_after} anomalies of a run in a row, where it is enforced`,
    ],
    ...rules,
  ]);
}

type RuleName = keyof WireShieldRules;

const RULES: Readonly<Record<RuleName, (rules: WireShieldRules) => string | undefined>> = {
  velocity: ({ velocity }) =>
    velocity && `at most ${count(velocity.max_per_minute)} steps a minute`,
  loop: ({ loop }) => loop && `at most ${count(loop.max_repeats)} times the same in a row`,
  sensitive: ({ sensitive }) => sensitive && `no ${sensitive.kinds.join(", ")}`,
  run_cost: ({ run_cost: cost }) =>
    cost &&
    `at most ${describeMoney({ amount_minor: cost.max_minor, currency: cost.currency })} a run`,
};

/** What it is now, and what that means. */
export function describeMode(profile: WireShieldProfile, colours: Colours): string {
  return `${titleOf(profile, colours)}\n${MODES[profile.mode]}`;
}

const MODES: Readonly<Record<ShieldMode, string>> = {
  shadow: "It learns from whatever happens, and holds nothing.",
  locked: "What is unlike the baseline is told, and not learnt. Nothing is held.",
  enforce: "What is unlike the baseline waits for a person.",
};

/** The rows of `shield runs`. */
export function listRuns(
  runs: readonly WireShieldRun[],
  nowMs: number,
  { dim, red, yellow }: Colours,
): string {
  const numbers = [
    ["STEPS", ...runs.map(({ steps }) => count(steps))],
    ["ANOMALIES", ...runs.map(({ anomalies }) => count(anomalies))],
    ["MOST BITS", ...runs.map((run) => run.max_surprise_bits.toFixed(2))],
  ].map(atTheRight);
  const cells = (row: number) => numbers.map((column) => column[row] ?? "");
  const head = ["RUN", "AGENT", ...cells(0), "STATE", "BEGAN", "LAST STEP"].map(dim);
  const rows = runs.map((run, index) => [
    printableLine(run.run_id ?? run.run_key, 50),
    printableLine(run.agent.name, 40),
    ...cells(index + 1),
    run.is_paused ? red("paused") : run.anomalies > 0 ? yellow("unusual") : "usual",
    relativeTime(run.started_at, nowMs),
    relativeTime(run.last_step_at, nowMs),
  ]);
  return columns([head, ...rows]);
}

/** Each anomaly in a row, with its reason beneath. */
export function listAnomalies(
  steps: readonly WireShieldStep[],
  nowMs: number,
  colours: Colours,
): string {
  const head = ["STEP", "ACTION", "FOR", "EFFECT", "REVIEW", "RUN", "WHEN"].map(colours.dim);
  const rows = steps.map((step) => [
    step.id,
    printableLine(step.action, 40),
    step.verdict.signals.join(", "),
    paintEffect(step.verdict.effect, colours),
    step.review?.answer ?? "",
    printableLine(step.run_id ?? step.run_key, 40),
    relativeTime(step.at, nowMs),
  ]);
  const [headLine = "", ...lines] = columns([head, ...rows]).split("\n");
  const reasons = steps.map(({ verdict }) => wrap(printableLine(verdict.explanation, 600)));
  const told = lines.map((line, index) => `${line}\n${indent(reasons[index] ?? "")}`);
  return [headLine, ...told].join("\n");
}

/** What a review has come to. */
export function describeReview(
  { id, action, review }: WireShieldStep,
  { service }: WireShieldProfile,
  { green, red }: Colours,
): string {
  const step = `${printableLine(service)} / ${printableLine(action)}  ${id}`;
  return review?.answer === "usual"
    ? `${green("✓")} ${step} is usual: it counts from now on.`
    : `${red("✗")} ${step} is unusual: what was learnt of it is taken back.`;
}

function paintMode(mode: ShieldMode, { green, yellow, dim }: Colours): string {
  if (mode === "enforce") return green(mode);
  return mode === "locked" ? yellow(mode) : dim(mode);
}

function paintEffect(effect: WireShieldVerdict["effect"], { red, yellow, dim }: Colours): string {
  if (effect === "none") return dim(effect);
  return effect === "warned" ? yellow(effect) : red(effect);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 step`, `2 steps`, `2 anomalies` */
function many(value: number, noun: string): string {
  if (value === 1) return `1 ${noun}`;
  return `${count(value)} ${noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}
