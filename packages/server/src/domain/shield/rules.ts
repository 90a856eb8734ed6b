import type { ShieldSignal } from "@holdpoint/protocol";
import type { ShieldIntent } from "./entry.js";
import { costOf, minutesOf, type RunCursor, repeatsOf, resumeRun } from "./run.js";
import { grouped, shortened } from "./sentence.js";
import type { ShieldRules } from "./settings.js";

const MINUTE_MS = 60_000;

/** A rule that a step breaks, and how, in one sentence with numbers. */
export interface Breach {
  readonly signal: ShieldSignal;
  readonly sentence: string;
}

/** The rules that a step breaks, after what its run has done so far. */
export function breaches(
  rules: ShieldRules,
  cursor: RunCursor | undefined,
  intent: ShieldIntent,
): readonly Breach[] {
  const run = resumeRun(cursor, intent.receivedAt);
  return [
    velocity(rules, run, intent),
    loop(rules, run, intent),
    sensitive(rules, intent),
    runCost(rules, run, intent),
  ].filter((breach) => breach !== undefined);
}

/** The minute before counts by the share of it that is less than a minute ago. */
function velocity(
  { velocity: rule }: ShieldRules,
  run: RunCursor | undefined,
  { receivedAt }: ShieldIntent,
): Breach | undefined {
  if (rule === undefined) return undefined;
  const { inMinute, inMinuteBefore } = minutesOf(run, receivedAt);
  const share = 1 - (receivedAt % MINUTE_MS) / MINUTE_MS;
  const steps = inMinute + Math.round(inMinuteBefore * share);
  if (steps <= rule.maxPerMinute) return undefined;
  const sentence = `This run has made ${grouped(steps)} steps in a minute; the rule allows ${grouped(rule.maxPerMinute)}.`;
  return { signal: "velocity", sentence };
}

function loop(
  { loop: rule }: ShieldRules,
  run: RunCursor | undefined,
  intent: ShieldIntent,
): Breach | undefined {
  if (rule === undefined) return undefined;
  const repeats = repeatsOf(run, intent);
  if (repeats <= rule.maxRepeats) return undefined;
  const sentence = `This run has called ${shortened(intent.action)} with the same arguments ${grouped(repeats)} times in a row; the rule allows ${grouped(rule.maxRepeats)}.`;
  return { signal: "loop", sentence };
}

function sensitive(
  { sensitive: rule }: ShieldRules,
  { action, sensitive: found = [] }: ShieldIntent,
): Breach | undefined {
  const kinds = rule?.kinds.filter((kind) => found.includes(kind)) ?? [];
  if (kinds.length === 0) return undefined;
  const sentence = `The arguments of ${shortened(action)} hold data of ${grouped(kinds.length)} of the kinds that the rule keeps in: ${kinds.join(", ")}.`;
  return { signal: "sensitive", sentence };
}

function runCost(
  { runCost: rule }: ShieldRules,
  run: RunCursor | undefined,
  intent: ShieldIntent,
): Breach | undefined {
  // What costs nothing may go on: it makes nothing worse.
  if (rule === undefined || intent.cost?.currency !== rule.currency) return undefined;
  const minor = costOf(run, intent)[rule.currency] ?? 0;
  if (minor <= rule.maxMinor) return undefined;
  const sentence = `With this step its run costs ${grouped(minor)} in minor units of ${rule.currency}; the rule allows ${grouped(rule.maxMinor)}.`;
  return { signal: "run_cost", sentence };
}
