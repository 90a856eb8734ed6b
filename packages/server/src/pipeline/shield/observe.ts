import type { SensitiveKind } from "@holdpoint/protocol";
import type { AgentCaller } from "../../domain/caller.js";
import type { Clock } from "../../domain/clock.js";
import { assertFreeForObservations } from "../../domain/reserved.js";
import type { NewShieldStep, ShieldPlace } from "../../domain/shield/entry.js";
import { advanceRun, type RunCursor } from "../../domain/shield/run.js";
import type { Metrics } from "../../http/metrics.js";
import type { ShieldStore } from "../../store/verbs/shield.js";
import type { AskedStep } from "./asked.js";
import { measureStep } from "./measure.js";
import { type Places, runKeyOf } from "./place.js";
import type { CaughtUp, Profiles } from "./profiles.js";

/** What an agent tells that it has done. Milliseconds, UTC, by its clock: a claim. */
export interface Observation {
  readonly id: string;
  readonly service: string;
  readonly action: string;
  readonly environment?: string;
  readonly skeletonHash?: string;
  readonly fingerprint?: string;
  readonly sensitive?: readonly SensitiveKind[];
  readonly runId?: string;
  readonly parentRequestId?: string;
  readonly agentLabel?: string;
  readonly endsRun: boolean;
  readonly observedAt: number;
}

interface Parts {
  readonly store: ShieldStore;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly places: Places;
  readonly profiles: Profiles;
}

/**
 * Measures a batch, each step against its profile as it stands before the batch, and logs it in one
 * transaction. Only where runs stand moves on from step to step.
 *
 * @throws {ProblemError} `VALIDATION_FAILED` for a service of purchases or the gate.
 */
export async function observeAll(
  parts: Parts,
  caller: AgentCaller,
  observations: readonly Observation[],
): Promise<void> {
  const { store, clock, metrics } = parts;
  for (const [index, { service }] of observations.entries()) {
    assertFreeForObservations(service, index);
  }
  const asked = once(observations).map((observation) => askedOf(caller, observation, clock.now()));
  const measured = new Map<string, NewShieldStep>();
  for (const group of byPlace(asked)) {
    for (const step of await measureGroup(parts, group)) measured.set(step.id, step);
  }
  // In the order in which they were told, whichever service they are of.
  const steps = asked.flatMap(({ id }) => measured.get(id) ?? []);
  if (steps.length === 0) return;
  const logged = await store.observe(steps);
  for (const { id, source, verdict } of steps) {
    if (logged.has(id)) metrics.observeShieldStep(source, verdict.anomalous);
  }
}

/** Told twice in one batch, a step is still one. */
function once(observations: readonly Observation[]): readonly Observation[] {
  const seen = new Set<string>();
  return observations.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function askedOf(
  { projectId, agent }: AgentCaller,
  observation: Observation,
  receivedAt: number,
): AskedStep {
  const { id, service, environment = "", runId, agentLabel, parentRequestId } = observation;
  const { action, skeletonHash, fingerprint, sensitive, endsRun, observedAt } = observation;
  return {
    source: "observe",
    place: { projectId, service, environment },
    id,
    agentId: agent.id,
    ...(agentLabel !== undefined && { agentLabel }),
    ...(runId !== undefined && { runId }),
    ...(parentRequestId !== undefined && { parentRequestId }),
    intent: {
      runKey: runKeyOf(agent.id, runId),
      action,
      // Nobody says how much is at stake in what has been done already.
      priority: "medium",
      receivedAt,
      observedAt,
      endsRun,
      ...(skeletonHash !== undefined && { skeletonHash }),
      ...(fingerprint !== undefined && { fingerprint }),
      ...(sensitive !== undefined && { sensitive }),
    },
  };
}

function byPlace(asked: readonly AskedStep[]): Iterable<readonly AskedStep[]> {
  const groups = new Map<string, AskedStep[]>();
  for (const step of asked) {
    const { service, environment } = step.place;
    const key = JSON.stringify([service, environment]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  return groups.values();
}

/** Nothing where the project has as many profiles as it may. */
async function measureGroup(
  { places, profiles }: Parts,
  asked: readonly AskedStep[],
): Promise<readonly NewShieldStep[]> {
  const place: ShieldPlace | undefined = asked[0]?.place;
  const profileId = place && (await places.find(place));
  if (profileId === undefined) return [];
  profiles.use(profileId);
  return measureInTurn(await profiles.catchUp(profileId), asked);
}

function measureInTurn(caughtUp: CaughtUp, asked: readonly AskedStep[]): readonly NewShieldStep[] {
  const cursors = new Map<string, RunCursor | undefined>();
  return asked.map((step) => {
    const { runKey } = step.intent;
    const cursor = cursors.has(runKey) ? cursors.get(runKey) : caughtUp.profile.cursor(runKey);
    const measured = measureStep(caughtUp, step, cursor);
    cursors.set(runKey, advanceRun(cursor, measured));
    return measured;
  });
}
