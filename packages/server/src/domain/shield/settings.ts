import { LIMITS, type SensitiveKind } from "@holdpoint/protocol";
import type { WireShieldSettings } from "@holdpoint/protocol/shield";

/** Rules beside the baseline; one that is absent is off. */
export interface ShieldRules {
  readonly velocity?: { readonly maxPerMinute: number };
  readonly loop?: { readonly maxRepeats: number };
  readonly sensitive?: { readonly kinds: readonly SensitiveKind[] };
  readonly runCost?: { readonly maxMinor: number; readonly currency: string };
}

export interface ShieldSettings {
  /** An anomaly is as surprising as one run in so many. */
  readonly holdOneIn: number;
  /** Anomalies in a row that pause a run, where the shield enforces. */
  readonly pauseAfter: number;
  readonly rules: ShieldRules;
}

export const DEFAULT_SHIELD_SETTINGS: ShieldSettings = {
  holdOneIn: LIMITS.defaultShieldHoldOneIn,
  pauseAfter: LIMITS.defaultShieldPauseAfter,
  rules: {},
};

/** Settings as they travel with their revision, and as their receipt pins them down. */
export function toWireSettings({
  holdOneIn,
  pauseAfter,
  rules: { velocity, loop, sensitive, runCost },
}: ShieldSettings): Omit<WireShieldSettings, "revision"> {
  return {
    hold_one_in: holdOneIn,
    pause_after: pauseAfter,
    rules: {
      ...(velocity !== undefined && { velocity: { max_per_minute: velocity.maxPerMinute } }),
      ...(loop !== undefined && { loop: { max_repeats: loop.maxRepeats } }),
      ...(sensitive !== undefined && { sensitive }),
      ...(runCost !== undefined && {
        run_cost: { max_minor: runCost.maxMinor, currency: runCost.currency },
      }),
    },
  };
}
