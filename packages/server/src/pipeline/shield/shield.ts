import type { AgentCaller } from "../../domain/caller.js";
import type { Clock } from "../../domain/clock.js";
import type { ShieldProfile } from "../../domain/shield/profile.js";
import { describeError, type Logger } from "../../http/log.js";
import type { Metrics } from "../../http/metrics.js";
import type { ShieldStore } from "../../store/verbs/shield.js";
import type { AskedStep } from "./asked.js";
import { measureStep } from "./measure.js";
import { type Observation, observeAll } from "./observe.js";
import { createPlaces } from "./place.js";
import { createProfiles, type Profiles } from "./profiles.js";
import type { Measurement } from "./tighten.js";

/** Compares what agents do with what their services are known to do, and learns it. */
export interface Shield {
  /**
   * Measures a request that is about to be made, against everything logged by now. Never rejects: an
   * ask is not lost because the shield cannot answer.
   */
  measure(asked: AskedStep): Promise<Measurement>;
  /**
   * Measures and logs what agents have done, each once. Rejects when that cannot be done: whoever told
   * it tells it again.
   */
  observe(caller: AgentCaller, observations: readonly Observation[]): Promise<void>;
  /** A profile with everything logged by now. Not to be changed, nor kept. */
  profile(profileId: string): Promise<ShieldProfile>;
  readonly profiles: Profiles;
}

export function createShield(parts: {
  readonly store: ShieldStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}): Shield {
  const { store, log, metrics } = parts;
  const places = createPlaces(parts);
  const profiles = createProfiles({ store, log, onHeld: metrics.setShieldProfiles });

  async function measure(asked: AskedStep): Promise<Measurement> {
    const profileId = await places.find(asked.place);
    if (profileId === undefined) return { outcome: "unfollowed" };
    try {
      profiles.use(profileId);
      const caughtUp = await profiles.catchUp(profileId);
      const cursor = caughtUp.profile.cursor(asked.intent.runKey);
      const step = measureStep(caughtUp, asked, cursor);
      metrics.observeShieldStep(step.source, step.verdict.anomalous);
      return { outcome: "measured", verdict: step.verdict, step };
    } catch (error) {
      log.error(
        { profile_id: profileId, err: describeError(error) },
        "a step could not be measured; where the shield enforces, it is held",
      );
      return { outcome: "failed", mayEnforce: await mayEnforce(profileId) };
    }
  }

  /** The mode is read apart from what failed. Who cannot read it cannot rule it out. */
  async function mayEnforce(profileId: string): Promise<boolean> {
    const { profile } = await store.readAfter(profileId, Number.MAX_SAFE_INTEGER, 1);
    return profile.mode === "enforce";
  }

  return {
    async measure(asked) {
      try {
        return await metrics.timeShield(() => measure(asked));
      } catch (error) {
        log.error(
          { err: describeError(error) },
          "the shield does not answer; what it may enforce is held",
        );
        return { outcome: "failed", mayEnforce: true };
      }
    },
    observe: (caller, observations) =>
      metrics.timeShield(() => observeAll({ ...parts, places, profiles }, caller, observations)),
    profile: async (profileId) => (await profiles.catchUp(profileId)).profile,
    profiles,
  };
}
