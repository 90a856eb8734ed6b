import { LIMITS, SENSITIVE_KINDS, type SensitiveKind } from "@holdpoint/protocol";
import type { WireShieldRules, WireShieldSettings } from "@holdpoint/protocol/shield";
import { formatAmount } from "@holdpoint/protocol/spend";
import { readAmount } from "../money/read.js";

/** What is typed. A number that is empty means: this rule is off. */
export interface SettingsDraft {
  readonly holdOneIn: string;
  readonly pauseAfter: string;
  readonly maxPerMinute: string;
  readonly maxRepeats: string;
  readonly kinds: readonly SensitiveKind[];
  readonly maxCost: string;
  readonly currency: string;
}

/** What is set, all of it. */
export type SettingsTerms = Omit<WireShieldSettings, "revision">;

export function draftOf({ hold_one_in, pause_after, rules }: SettingsTerms): SettingsDraft {
  const { velocity, loop, sensitive, run_cost: cost } = rules;
  return {
    holdOneIn: String(hold_one_in),
    pauseAfter: String(pause_after),
    maxPerMinute: velocity === undefined ? "" : String(velocity.max_per_minute),
    maxRepeats: loop === undefined ? "" : String(loop.max_repeats),
    kinds: sensitive?.kinds ?? [],
    maxCost: cost === undefined ? "" : formatAmount(BigInt(cost.max_minor), cost.currency),
    currency: cost?.currency ?? "EUR",
  };
}

/** From and to, both allowed. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export const BOUNDS = {
  holdOneIn: { min: LIMITS.minShieldHoldOneIn, max: LIMITS.maxShieldHoldOneIn },
  pauseAfter: { min: LIMITS.minShieldPauseAfter, max: LIMITS.maxShieldPauseAfter },
  maxPerMinute: { min: 1, max: 10_000 },
  maxRepeats: { min: 1, max: 1_000 },
} as const satisfies Readonly<Record<string, Bounds>>;

/** Whole numbers within bounds; anything else is `undefined`. */
export function readWhole(text: string, { min, max }: Bounds): number | undefined {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

/** The settings as they would be sent; `undefined` while something is wrong. */
export function settingsOf(draft: SettingsDraft): SettingsTerms | undefined {
  const holdOneIn = readWhole(draft.holdOneIn, BOUNDS.holdOneIn);
  const pauseAfter = readWhole(draft.pauseAfter, BOUNDS.pauseAfter);
  const rules = rulesOf(draft);
  if (holdOneIn === undefined || pauseAfter === undefined || rules === undefined) return undefined;
  return { hold_one_in: holdOneIn, pause_after: pauseAfter, rules };
}

function rulesOf(draft: SettingsDraft): WireShieldRules | undefined {
  const perMinute = readRule(draft.maxPerMinute, BOUNDS.maxPerMinute);
  const repeats = readRule(draft.maxRepeats, BOUNDS.maxRepeats);
  const cost = draft.maxCost.trim() === "" ? "off" : readAmount(draft.maxCost, draft.currency);
  if (perMinute === undefined || repeats === undefined) return undefined;
  if (cost !== "off" && !cost.ok) return undefined;
  const kinds = SENSITIVE_KINDS.filter((kind) => draft.kinds.includes(kind));
  return {
    ...(perMinute !== "off" && { velocity: { max_per_minute: perMinute } }),
    ...(repeats !== "off" && { loop: { max_repeats: repeats } }),
    ...(kinds.length > 0 && { sensitive: { kinds } }),
    ...(cost !== "off" && {
      run_cost: { max_minor: Number(cost.minor), currency: draft.currency },
    }),
  };
}

function readRule(text: string, bounds: Bounds): number | "off" | undefined {
  return text.trim() === "" ? "off" : readWhole(text, bounds);
}
