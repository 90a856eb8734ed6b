import { LIMITS, type SensitiveKind } from "@holdpoint/protocol";

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
