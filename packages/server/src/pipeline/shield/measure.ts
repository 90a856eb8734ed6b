import {
  findSensitive,
  SENSITIVE_KINDS,
  type ShieldSignal,
  type WireShieldVerdict,
} from "@holdpoint/protocol";
import { departs, departureSignals } from "../../domain/shield/departure.js";
import type { NewShieldStep, ShieldIntent } from "../../domain/shield/entry.js";
import { explain } from "../../domain/shield/explain.js";
import { breaches } from "../../domain/shield/rules.js";
import { contextOf, type RunCursor, resumeRun } from "../../domain/shield/run.js";
import type { ShieldScore } from "../../domain/shield/score.js";
import { grouped } from "../../domain/shield/sentence.js";
import type { ShieldRules } from "../../domain/shield/settings.js";
import type { StoredShieldProfile } from "../../store/verbs/shield.js";
import type { AskedStep } from "./asked.js";
import type { CaughtUp } from "./profiles.js";

/** Something that a step is an anomaly for, in one sentence. */
interface Reason {
  readonly signals: readonly ShieldSignal[];
  readonly sentence: string;
}

/**
 * Measures a step that is not logged yet, and changes nothing. What its verdict changes is for others
 * to say; of what has happened already people can only be warned, and that is said here.
 *
 * @param cursor - Where its run stands; within a batch, after the steps before it.
 */
export function measureStep(
  { stored, profile }: CaughtUp,
  asked: AskedStep,
  cursor: RunCursor | undefined,
): NewShieldStep {
  const { mode, settings } = stored;
  const intent = withFound(asked, settings.rules);
  const { previous, beforePrevious, ...clock } = contextOf(cursor, intent);
  const context = {
    ...(previous !== undefined && { previous }),
    ...(beforePrevious !== undefined && { beforePrevious }),
  };
  const score = profile.score(intent, { ...context, ...clock });
  const isDeparture = departs(score, settings.holdOneIn);
  const { service } = stored;
  const said = explain({ service, intent, context, score }, { departs: isDeparture });
  const reasons: readonly Reason[] = [
    ...(isDeparture ? [{ signals: departureSignals(score), sentence: said }] : []),
    ...breaches(settings.rules, cursor, intent).map(({ signal, sentence }) => ({
      signals: [signal],
      sentence,
    })),
    ...pauseOf(stored, asked, cursor),
  ];
  return {
    kind: "step",
    ...intent,
    ...context,
    ...whoseOf(stored, asked),
    surpriseBits: score.surpriseBits,
    departs: isDeparture,
    // A baseline that is locked counts only what a person calls usual: see `ShieldStep.learns`.
    learns: mode === "shadow",
    verdict: verdictOf(stored, asked, score, {
      reasons,
      explanation: reasons.length === 0 ? said : reasons.map(({ sentence }) => sentence).join(" "),
      previous,
    }),
  };
}

/** With what is found in arguments that can be read, where a rule asks for it. */
function withFound({ intent, payload }: AskedStep, { sensitive }: ShieldRules): ShieldIntent {
  if (sensitive === undefined || payload === undefined) return intent;
  const found = new Set([...(intent.sensitive ?? []), ...findSensitive(payload)]);
  return { ...intent, sensitive: SENSITIVE_KINDS.filter((kind) => found.has(kind)) };
}

/** What a run has done cannot be paused any more; what it asks for can. */
function pauseOf(
  { mode, settings: { pauseAfter } }: StoredShieldProfile,
  { source, intent }: AskedStep,
  cursor: RunCursor | undefined,
): readonly Reason[] {
  const { departuresInARow = 0 } = resumeRun(cursor, intent.receivedAt) ?? {};
  if (mode !== "enforce" || source === "observe" || departuresInARow < pauseAfter) return [];
  const sentence = `This run is paused after ${grouped(departuresInARow)} anomalies in a row, until a person approves a step of it.`;
  return [{ signals: ["paused"], sentence }];
}

function whoseOf({ id: profileId }: StoredShieldProfile, asked: AskedStep) {
  const { place, source, id, agentId, agentLabel, runId, parentRequestId } = asked;
  return {
    ...place,
    profileId,
    source,
    id,
    agentId,
    ...(agentLabel !== undefined && { agentLabel }),
    ...(runId !== undefined && { runId }),
    ...(parentRequestId !== undefined && { parentRequestId }),
  };
}

function verdictOf(
  { id, mode }: StoredShieldProfile,
  { source }: AskedStep,
  { surpriseBits, pathBits, structureBits, timingBits, oneIn }: ShieldScore,
  why: {
    readonly reasons: readonly Reason[];
    readonly explanation: string;
    readonly previous: string | undefined;
  },
): WireShieldVerdict {
  const anomalous = why.reasons.length > 0;
  const isWarned = anomalous && source === "observe" && mode !== "shadow";
  return {
    profile_id: id,
    mode,
    anomalous,
    signals: why.reasons.flatMap(({ signals }) => signals),
    effect: isWarned ? "warned" : "none",
    surprise_bits: hundredths(surpriseBits),
    path_bits: hundredths(pathBits),
    structure_bits: hundredths(structureBits),
    ...(timingBits !== undefined && { timing_bits: hundredths(timingBits) }),
    ...(oneIn !== undefined && { one_in: hundredths(oneIn) }),
    explanation: why.explanation,
    ...(why.previous !== undefined && { after: why.previous }),
  };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
