import type { SpendUsage } from "../policy.js";
import { isWithin, SPEND_WINDOWS, windowsAt } from "../window.js";

/** Counts what is let through, purchase after purchase. Instants must not go backwards. */
export interface UsageCounter {
  readonly usageAt: (instantMs: number) => SpendUsage;
  readonly count: (instantMs: number, minor: bigint) => void;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Keeps the latest window of each kind only, for no older one is asked for. */
export function createUsageCounter(timezone: string): UsageCounter {
  const sums = { day: 0n, week: 0n, month: 0n };
  const instants: number[] = [];
  let windows = windowsAt(timezone, 0);
  let totalMinor = 0n;
  let firstOfHour = 0;
  let firstOfMinute = 0;

  const enter = (instantMs: number) => {
    if (isWithin(windows.day, instantMs)) return;
    const next = windowsAt(timezone, instantMs);
    for (const window of SPEND_WINDOWS) {
      if (next[window].startsAt !== windows[window].startsAt) sums[window] = 0n;
    }
    windows = next;
  };

  return {
    usageAt: (instantMs) => {
      enter(instantMs);
      firstOfHour = firstAfter(instants, instantMs - HOUR_MS, firstOfHour);
      firstOfMinute = firstAfter(instants, instantMs - MINUTE_MS, firstOfMinute);
      return {
        dayMinor: sums.day,
        weekMinor: sums.week,
        monthMinor: sums.month,
        totalMinor,
        lastMinute: instants.length - firstOfMinute,
        lastHour: instants.length - firstOfHour,
      };
    },
    count: (instantMs, minor) => {
      enter(instantMs);
      for (const window of SPEND_WINDOWS) sums[window] += minor;
      totalMinor += minor;
      instants.push(instantMs);
    },
  };
}

/** Where the first instant later than this one is, looked for from a place before it. */
function firstAfter(instants: readonly number[], instantMs: number, from: number): number {
  let index = from;
  while (index < instants.length && (instants[index] as number) <= instantMs) index += 1;
  return index;
}
