import type {
  WireShieldDetails,
  WireShieldProfile,
  WireShieldRun,
  WireShieldStep,
} from "@holdpoint/protocol/shield";
import { toWireSettings } from "../../domain/shield/settings.js";
import type { ShieldDetails, ShieldOverview } from "../../pipeline/shield/details.js";
import type { FollowedRun } from "../../pipeline/shield/runs.js";
import type { LoggedShieldStep } from "../../store/verbs/shield.js";
import { optionalTime, wireTime } from "../time.js";

export function toWireProfile(overview: ShieldOverview): WireShieldProfile {
  const { stored, baseline, lastDay } = overview;
  return {
    id: stored.id,
    service: stored.service,
    ...(stored.environment !== "" && { environment: stored.environment }),
    mode: stored.mode,
    settings: { revision: stored.settingsRevision, ...toWireSettings(stored.settings) },
    baseline: {
      steps: baseline.steps,
      runs: baseline.runs,
      actions: baseline.actions,
      transitions: baseline.transitions,
      calibrated_runs: baseline.calibratedRuns,
      runs_needed: overview.runsNeeded,
      is_flat: overview.isFlat,
    },
    warnings: baseline.warnings,
    last_24_hours: { steps: lastDay.steps, anomalies: lastDay.anomalies, held: lastDay.held },
    ...optionalTime("last_step_at", baseline.lastReceivedAt),
    created_at: wireTime(stored.createdAt),
    ...optionalTime("changed_at", stored.changedAt),
    ...(stored.changedBy !== undefined && { changed_by: stored.changedBy }),
  };
}

export function toWireDetails(details: ShieldDetails): WireShieldDetails {
  const { stored, baseline, nodes, edges, isCut, since, sinceThen } = details;
  const { steps, anomalies, requests, held } = sinceThen;
  return {
    ...toWireProfile(details),
    graph: { nodes, edges, is_cut: isCut },
    entropy: baseline.entropy.map(({ runs, bits }) => ({ runs, bits: hundredths(bits) })),
    ...(stored.lockedAtRuns !== undefined && { locked_at_runs: stored.lockedAtRuns }),
    // What it has held is not what it would have. Only requests can be.
    would_have_held: {
      since: wireTime(since),
      steps,
      anomalies: anomalies - held,
      requests: requests - held,
    },
  };
}

export function toWireStep(step: LoggedShieldStep): WireShieldStep {
  const { runId, skeletonHash, review } = step;
  return {
    id: step.id,
    sequence: step.sequence,
    run_key: step.runKey,
    ...(runId !== undefined && { run_id: runId }),
    agent: step.agent,
    action: step.action,
    ...(skeletonHash !== undefined && { skeleton_hash: skeletonHash }),
    at: wireTime(step.receivedAt),
    ...(step.endsRun && { ends_run: true }),
    verdict: step.verdict,
    ...(review !== undefined && {
      review: { answer: review.answer, at: wireTime(review.at), by: review.by },
    }),
  };
}

export function toWireRun(run: FollowedRun): WireShieldRun {
  return {
    run_key: run.runKey,
    ...(run.runId !== undefined && { run_id: run.runId }),
    agent: run.agent,
    started_at: wireTime(run.startedAt),
    last_step_at: wireTime(run.lastStepAt),
    steps: run.steps,
    anomalies: run.anomalies,
    max_surprise_bits: hundredths(run.maxSurpriseBits),
    is_paused: run.isPaused,
  };
}

function hundredths(bits: number): number {
  return Math.round(bits * 100) / 100;
}
