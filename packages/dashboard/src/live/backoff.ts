const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15_000;

/**
 * How long to wait before the next attempt, in milliseconds: doubling from one second to fifteen,
 * each halved at random so that many dashboards do not return at the same moment.
 *
 * @param failures - Attempts that failed in a row, from 1.
 * @param random - In [0, 1).
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return Math.round(ceiling * (0.5 + random / 2));
}
