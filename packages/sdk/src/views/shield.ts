import type {
  ShieldEffect,
  ShieldMode,
  ShieldSignal,
  WireShieldVerdict,
} from "@holdpoint/protocol";
import { present } from "../present.js";

/** How what was asked compares with what its service is known to do. */
export interface ShieldVerdict {
  readonly profileId: string;
  /** How far the profile was trusted: it only watched, or told, or held. */
  readonly mode: ShieldMode;
  /** Whether it departs from the baseline, or breaks a rule. */
  readonly anomalous: boolean;
  /** For what, where it is an anomaly. */
  readonly signals: readonly ShieldSignal[];
  /** What the verdict has changed. `warned`: nothing but what people are told. */
  readonly effect: ShieldEffect;
  /** Of the way and the shape together: 0 is certain, each bit halves the odds. */
  readonly surpriseBits: number;
  readonly pathBits: number;
  readonly structureBits: number;
  /** Of the time since the step before. Told, never a reason by itself. */
  readonly timingBits?: number;
  /** One run in so many has a step as surprising. Absent until enough runs are known. */
  readonly oneIn?: number;
  /** Why, in one sentence with numbers. */
  readonly explanation: string;
  /** The action of the step before in its run. Absent at the beginning of one. */
  readonly after?: string;
}

/** Maps a verdict from the wire. */
export function viewShield(verdict: WireShieldVerdict): ShieldVerdict {
  const view = {
    profileId: verdict.profile_id,
    mode: verdict.mode,
    anomalous: verdict.anomalous,
    signals: verdict.signals,
    effect: verdict.effect,
    surpriseBits: verdict.surprise_bits,
    pathBits: verdict.path_bits,
    structureBits: verdict.structure_bits,
    timingBits: verdict.timing_bits,
    oneIn: verdict.one_in,
    explanation: verdict.explanation,
    after: verdict.after,
  };
  return present(view) as unknown as ShieldVerdict;
}
