const UNITS = [
  { letter: "d", ms: 86_400_000 },
  { letter: "h", ms: 3_600_000 },
  { letter: "m", ms: 60_000 },
  { letter: "s", ms: 1_000 },
] as const;

/** A time as seen from `nowMs`: `3m ago`, `in 23h`, `now`. */
export function relativeTime(isoTime: string, nowMs: number): string {
  const differenceMs = Date.parse(isoTime) - nowMs;
  const distanceMs = Math.abs(differenceMs);
  const unit = UNITS.find(({ ms }) => distanceMs >= ms);
  if (unit === undefined) return "now";
  const amount = `${Math.floor(distanceMs / unit.ms)}${unit.letter}`;
  return differenceMs < 0 ? `${amount} ago` : `in ${amount}`;
}

/** `2026-11-22 21:40:03Z (3m ago)` */
export function exactTime(isoTime: string, nowMs: number): string {
  const exact = `${isoTime.slice(0, 19).replace("T", " ")}Z`;
  return `${exact} (${relativeTime(isoTime, nowMs)})`;
}

/** The clock on the reader's wall: `21:40:03`. */
export function clockTime(isoTime: string): string {
  const at = new Date(isoTime);
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** Milliseconds of `90s`, `10m`, `12h` or `30d`; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  const unit = UNITS.find(({ letter }) => letter === match?.[2]);
  return match && unit ? Number(match[1]) * unit.ms : undefined;
}
