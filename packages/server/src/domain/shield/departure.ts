import type { ShieldSignal } from "@holdpoint/protocol";
import type { ShieldScore } from "./score.js";

/**
 * Whether a step departs from its baseline: no more than one run in `holdOneIn` has a step as surprising.
 * Never before there are runs enough to tell: `holdOneIn - 1` of them.
 *
 * Of runs that come from where the measured ones came from, in whatever order, at most one in `holdOneIn`
 * departs (split conformal prediction; Vovk, Gammerman & Shafer 2005).
 */
export function departs(
  { oneIn, calibratedRuns }: Pick<ShieldScore, "oneIn" | "calibratedRuns">,
  holdOneIn: number,
): boolean {
  return oneIn !== undefined && calibratedRuns >= holdOneIn - 1 && oneIn >= holdOneIn;
}

/** What a departure is one for: whichever of way and shape makes up half of the surprise. */
export function departureSignals({
  pathBits,
  structureBits,
}: Pick<ShieldScore, "pathBits" | "structureBits">): readonly ShieldSignal[] {
  return [
    ...(pathBits >= structureBits ? (["path"] as const) : []),
    ...(structureBits >= pathBits ? (["structure"] as const) : []),
  ];
}
