import { typeidUnboxed } from "typeid-js";
import type { Clock } from "../../domain/clock.js";
import { LruCache } from "../../domain/lru-cache.js";
import type { ShieldPlace } from "../../domain/shield/entry.js";
import type { Logger } from "../../http/log.js";
import type { ShieldStore } from "../../store/verbs/shield.js";

/** Places whose profile is known here; a few hundred bytes each. */
const MAX_KNOWN = 10_000;
/** For how long a project that has too many is not asked about again, in milliseconds. */
const TOO_MANY_MS = 60_000;

/** Finds whose profile a step belongs to, and makes it where there is none. */
export interface Places {
  /** The profile's id; `undefined` where the project has as many as it may. */
  find(place: ShieldPlace): Promise<string | undefined>;
}

export function createPlaces(parts: {
  readonly store: ShieldStore;
  readonly clock: Clock;
  readonly log: Logger;
}): Places {
  const { store, clock, log } = parts;
  const known = new LruCache<string>(MAX_KNOWN);
  const full = new LruCache<number>(MAX_KNOWN);

  return {
    async find(place) {
      const { projectId, service, environment } = place;
      const key = JSON.stringify([projectId, service, environment]);
      const id = known.get(key);
      if (id !== undefined) return id;
      const now = clock.now();
      if ((full.get(key) ?? 0) > now) return undefined;
      const profile = await store.ensureProfile(place, typeidUnboxed("shp"), now);
      if (profile !== "too_many") {
        known.set(key, profile.id);
        return profile.id;
      }
      full.set(key, now + TOO_MANY_MS);
      log.warn(
        { project_id: projectId },
        "the shield follows as many services of this project as it may, and not this one: name services and environments without ids in them",
      );
      return undefined;
    },
  };
}

/** Names a run within its profile. Agents cannot name each other's. */
export function runKeyOf(agentId: string, runId: string | undefined): string {
  return runId === undefined ? agentId : `${agentId}/${runId}`;
}
