import type { SpendWindow, WireBurnDown } from "@holdpoint/protocol/spend";

type Point = WireBurnDown["points"][number];

/** What was reserved, spent and refunded in one window, and what was left at its end. */
export interface BurnDownColumn {
  /** The first day of the window that is shown, as the point says it. */
  readonly at: string;
  readonly reservedMinor: number;
  readonly spentMinor: number;
  readonly refundedMinor: number;
  readonly availableMinor: number | null;
}

/** Days to ask for, so that about as many columns come as can be told apart. */
export const BURN_DOWN_DAYS: Readonly<Record<SpendWindow, number>> = {
  day: 30,
  week: 84,
  month: 90,
};

/** Sums days into days, weeks from Monday, or months, as UTC counts them. Oldest first. */
export function columnsOf(
  points: readonly Point[],
  window: SpendWindow,
): readonly BurnDownColumn[] {
  const columns = new Map<string, BurnDownColumn>();
  for (const point of points) {
    const key = windowKey(point.at, window);
    const before = columns.get(key);
    columns.set(key, {
      at: before?.at ?? point.at,
      reservedMinor: (before?.reservedMinor ?? 0) + point.reserved_minor,
      spentMinor: (before?.spentMinor ?? 0) + point.spent_minor,
      refundedMinor: (before?.refundedMinor ?? 0) + point.refunded_minor,
      availableMinor: point.available_minor,
    });
  }
  return [...columns.values()];
}

function windowKey(at: string, window: SpendWindow): string {
  const day = new Date(at);
  if (window === "month") return at.slice(0, 7);
  if (window === "week") day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** Days of the recent past that a pace is taken from. */
const PACE_DAYS = 7;

/**
 * How many days what is left lasts at the pace of the last seven; `undefined` where nothing limits,
 * nothing is left or nothing was spent.
 */
export function daysLeft(points: readonly Point[]): number | undefined {
  const recent = points.slice(-PACE_DAYS);
  const used = recent.reduce((sum, { reserved_minor: minor }) => sum + minor, 0);
  const left = recent.at(-1)?.available_minor ?? null;
  if (left === null || left <= 0 || used <= 0) return undefined;
  return Math.floor(left / (used / recent.length));
}
