const UNITS = [
  { unit: "day", ms: 86_400_000, short: "d" },
  { unit: "hour", ms: 3_600_000, short: "h" },
  { unit: "minute", ms: 60_000, short: "m" },
  { unit: "second", ms: 1_000, short: "s" },
] as const;

/** Two units, rounded down, for example `3h 07m`, `4m 09s`, `12s`. Negative counts as zero. */
export function formatDuration(durationMs: number): string {
  const left = Math.max(0, durationMs);
  const index = UNITS.findIndex(({ ms }) => left >= ms);
  const large = UNITS[index];
  if (large === undefined) return "0s";
  const small = UNITS[index + 1];
  const count = Math.floor(left / large.ms);
  if (small === undefined) return `${count}${large.short}`;
  const rest = Math.floor((left % large.ms) / small.ms);
  return `${count}${large.short} ${String(rest).padStart(2, "0")}${small.short}`;
}

/** One unit, for example `4m`; `now` below ten seconds. */
export function formatAge(ageMs: number): string {
  if (ageMs < 10_000) return "now";
  const unit = UNITS.find(({ ms }) => ageMs >= ms) ?? UNITS[3];
  return `${Math.floor(ageMs / unit.ms)}${unit.short}`;
}

/** How near an end is, for what should stand out: less than five minutes is `soon`. */
export function urgencyOf(leftMs: number): "over" | "soon" | "later" {
  if (leftMs <= 0) return "over";
  return leftMs < 300_000 ? "soon" : "later";
}
