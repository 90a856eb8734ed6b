import { LIMITS } from "@holdpoint/protocol";
import type { TraceStep } from "./trace.js";

const ACTIONS = 2_000;
const RUN_STEPS = 20;

/**
 * Runs of an agent with 2,000 actions that goes from anywhere to anywhere: as many transitions as a
 * profile may have, and then some. The same runs each time.
 */
export function* walkAtRandom(): Generator<readonly TraceStep[], never> {
  let state = 1;
  // Numbers of Lehmer's generator (Park & Miller 1988).
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  for (;;) {
    yield Array.from({ length: RUN_STEPS }, () => {
      const action = next(ACTIONS);
      return {
        action: `action-${action}`,
        skeletonHash: `${action}-${next(4)}`.padStart(64, "0"),
      };
    });
  }
}

/** Enough for a profile to be full: each step makes a transition of each order, nearly all distinct. */
export const RUNS_TO_FILL = Math.ceil((1.2 * LIMITS.shieldTransitions) / RUN_STEPS);
